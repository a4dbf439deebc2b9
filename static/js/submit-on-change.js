/** Sends the form of a select marked data-submit-on-change as soon as something else is chosen. */

// A closed list changes with every arrow key. What the keys have reached counts on Enter, or when the list is left.
const accepted = new WeakMap();
let lastKey = "";

document.addEventListener("pointerdown", () => {
  lastKey = "";
});

document.addEventListener("keydown", (event) => {
  lastKey = event.key;
  if (event.key === "Enter" && isUnaccepted(event.target)) accept(event);
});

document.addEventListener("change", (event) => {
  if (["", "Enter"].includes(lastKey) && isUnaccepted(event.target)) accept(event);
});

document.addEventListener("focusout", (event) => {
  if (isUnaccepted(event.target)) accept(event);
});

function isUnaccepted(field) {
  if (!field.matches("[data-submit-on-change]")) return false;
  const stored = accepted.get(field) ?? field.querySelector("[selected]").value;
  return field.value !== stored;
}

function accept(event) {
  event.preventDefault();
  accepted.set(event.target, event.target.value);
  event.target.form.requestSubmit();
}
