/**
 * What the booking page adds to its links and forms: a new time zone is taken at once, a day's times come into sight, and
 * what htmx does not swap opens as a page.
 */

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
