/**
 * What the booking page adds to its links and forms: a new time zone is taken at once, a day's times come into sight, and
 * what htmx does not swap opens as a page.
 */

import "./submit-on-change.js";

// The fragment of a day's link is for browsers without JavaScript. Here, nothing moves that is in sight already.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.path = event.detail.path.split("#")[0];
});

// At the last month the arrow that was pressed is gone, and the focus with it.
document.addEventListener("htmx:afterSettle", (event) => {
  const isArrow = event.detail.requestConfig?.elt.closest(".month-nav-buttons");
  if (isArrow && document.activeElement === document.body) document.getElementById("month").focus();
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
