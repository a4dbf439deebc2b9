/**
 * What the booking page adds to its links and forms: a new time zone is taken at once, a day's times come into sight, and
 * what htmx does not swap opens as a page.
 */

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// The fragment of a day's link is for browsers without JavaScript. Here, nothing moves that is in sight already.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.path = event.detail.path.split("#")[0];
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail.requestConfig?.elt.matches(".day")) return;
  const times = document.getElementById("times");
  if (times.getBoundingClientRect().top > window.innerHeight / 2) times.scrollIntoView();
});

// The link may have ended, or the server be away: the browser shows what there is to see.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.isError) return;
  event.detail.isError = false;
  openAsPage(event);
});
document.addEventListener("htmx:sendError", openAsPage);

function openAsPage(event) {
  location.assign(event.detail.pathInfo.finalRequestPath);
}
