/**
 * Opens the booking page in the browser's time zone, if its address names none. It stands before the page's content and
 * is no module, so that times of another zone are never shown; and it runs once, for the new address names a zone.
 */

(() => {
  const address = new URL(location.href);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || address.searchParams.has("tz") || zone === document.currentScript.dataset.shownZone) return;
  address.searchParams.set("tz", zone);
  document.documentElement.dataset.leaving = "";
  // If the new page does not come, this one is better than none.
  setTimeout(() => delete document.documentElement.dataset.leaving, 3000);
  location.replace(address);
})();
