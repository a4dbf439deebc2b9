/** What the booking page adds: a new time zone is taken at once, and what htmx does not swap opens as a page. */

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// The link may have ended, or the server be away: the browser shows what there is to see.
for (const type of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(type, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
}
