/**
 * Shows that a <form data-unsaved-bar> differs from what is stored, and warns before it is left.
 *
 * The form's .save-bar gets data-unsaved. A form that came back with errors has data-unsaved itself: it differs from
 * the start. "Discard changes" is a link to the page, so that it also takes back added and deleted rows.
 */

import { onContent } from "./content.js";

const stored = new WeakMap();
let isLeavingOnPurpose = false;

onContent((root) => {
  for (const form of root.querySelectorAll("form[data-unsaved-bar]")) {
    if (!stored.has(form)) stored.set(form, contentsOf(form));
    show(form);
  }
});

for (const type of ["input", "change", "dialog:save"]) {
  document.addEventListener(type, (event) => {
    const form = event.target.form ?? event.target.closest?.("form");
    if (form && stored.has(form)) show(form);
  });
}

document.addEventListener("submit", (event) => {
  if (stored.has(event.target) && !event.defaultPrevented) isLeavingOnPurpose = true;
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-unsaved-discard]")) isLeavingOnPurpose = true;
});

window.addEventListener("beforeunload", (event) => {
  const isUnsaved = document.querySelector("form[data-unsaved-bar] .save-bar[data-unsaved]");
  if (isUnsaved && !isLeavingOnPurpose) event.preventDefault();
});

window.addEventListener("pageshow", () => {
  isLeavingOnPurpose = false;
});

function show(form) {
  const isUnsaved = form.hasAttribute("data-unsaved") || contentsOf(form) !== stored.get(form);
  const bar = form.querySelector(".save-bar");
  if (!bar || bar.hasAttribute("data-unsaved") === isUnsaved) return;
  bar.toggleAttribute("data-unsaved", isUnsaved);
  const note = bar.querySelector(".save-bar-note");
  note.textContent = isUnsaved ? note.dataset.message : "";
}

function contentsOf(form) {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}
