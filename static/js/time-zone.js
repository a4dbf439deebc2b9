/** Fills empty fields marked data-browser-time-zone with the browser's time zone. */

import { onContent } from "./content.js";

onContent((root) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const field of root.querySelectorAll("[data-browser-time-zone]")) {
    if (field.value === "") field.value = zone;
  }
});
