/**
 * The rows of private links on the Advanced tab: added and deleted without a visit to the server, each with a line that
 * follows its settings. The server words the line, so that there is one place that knows how.
 */

document.addEventListener("click", (event) => {
  const adder = event.target.closest?.("[data-add-link]");
  if (adder) {
    event.preventDefault();
    addRow()?.querySelector("[data-dialog-open]").focus();
  }
  const deleter = event.target.closest?.("[data-delete-link]");
  if (deleter) markDeleted(deleter, true);
  const undoer = event.target.closest?.("[data-undo-delete]");
  if (undoer) markDeleted(undoer, false);
});

// Who switches private links on for the first time sees the link that this makes, and can set its limits at once.
document.addEventListener("change", (event) => {
  const isSwitchedOn = event.target.matches("[data-private-links-switch]") && event.target.checked;
  if (isSwitchedOn && !rows().querySelector("[data-link-row]")) addRow();
});

document.addEventListener("dialog:save", (event) => {
  const row = event.target.closest("[data-link-row]");
  if (!row) return;
  forgetRefusals(event.target);
  redraw(row);
});

function rows() {
  return document.querySelector("[data-link-rows]");
}

function addRow() {
  const list = rows();
  const total = document.getElementById("id_links-TOTAL_FORMS");
  const place = Number(total.value);
  const maximum = Number(list.dataset.maxRows);
  if (place >= maximum) return null;
  const template = document.getElementById("new-link").innerHTML.replaceAll("__prefix__", place);
  list.insertAdjacentHTML("beforeend", template);
  total.value = place + 1;
  if (place + 1 >= maximum) showThatRowsAreFull();
  changed(list);
  return list.lastElementChild;
}

function showThatRowsAreFull() {
  document.querySelector("[data-add-link]").hidden = true;
  document.querySelector("[data-rows-full]").hidden = false;
}

function markDeleted(button, isDeleted) {
  const row = button.closest("[data-link-row]");
  row.querySelector('input[name$="-DELETE"]').checked = isDeleted;
  row.classList.toggle("link-row-deleted", isDeleted);
  row.querySelector(isDeleted ? "[data-undo-delete]" : "[data-delete-link]").focus();
  changed(row);
}

/** What was refused is judged anew: the line will tell, and so will the next save. */
function forgetRefusals(dialog) {
  for (const list of dialog.querySelectorAll(".errorlist")) list.remove();
  for (const field of dialog.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** Asks the server how the row's line reads with the settings as they are now. Away, it leaves the line as it is. */
async function redraw(row) {
  const answer = await fetch(rows().dataset.previewUrl, { method: "POST", body: settingsOf(row) }).catch(() => null);
  if (answer?.ok) row.querySelector("[data-link-summary]").innerHTML = await answer.text();
}

function settingsOf(row) {
  const form = row.closest("form");
  const settings = new FormData();
  settings.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  settings.set("row", row.dataset.linkRow);
  for (const [name, value] of new FormData(form)) {
    if (name.replace(/^initial-/, "").startsWith(`${row.dataset.linkRow}-`)) settings.set(name, value);
  }
  return settings;
}

/** Lets the bar of unsaved changes look again. */
function changed(element) {
  element.dispatchEvent(new Event("change", { bubbles: true }));
}
