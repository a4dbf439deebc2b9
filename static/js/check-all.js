/**
 * Ticks all boxes of a <form data-check-all> at once: <input type="checkbox" data-check-all-box>. The note in its
 * .bulk-bar says how many are ticked.
 */

import { onContent } from "./content.js";

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-check-all")) return;
  if (event.target.matches("[data-check-all-box]")) {
    for (const box of boxesOf(form)) box.checked = event.target.checked;
  }
  show(form);
});

onContent((root) => {
  for (const form of root.querySelectorAll("form[data-check-all]")) show(form);
});

// A browser that goes back may tick again what was ticked.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-check-all]")) show(form);
});

function show(form) {
  const boxes = boxesOf(form);
  const count = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-check-all-box]");
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  const note = form.querySelector(".bulk-bar-note");
  note.textContent = count ? note.dataset.message.replace("{count}", count) : "";
}

function boxesOf(form) {
  return [...form.querySelectorAll('input[type="checkbox"][name]')];
}
