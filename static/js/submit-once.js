/** Sends a POST form once, however often its button is pressed. A form with data-submit-often is left alone. */

const forgetAfter = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-submit-often")) return;
  if (form.hasAttribute("data-sending")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sending", "");
  setTimeout(() => form.removeAttribute("data-sending"), forgetAfter);
});

// Back from the cache, the page is as it was left: its forms must be sendable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) form.removeAttribute("data-sending");
});
