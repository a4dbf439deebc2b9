/**
 * Opens and closes dialogs.
 *
 * data-dialog-open="id"  on a link or button opens <dialog id="id">; a link's address is where it leads without JavaScript
 * data-dialog-close      on a button in a dialog closes it
 *
 * A <dialog data-dialog-fields> holds fields of the page's own form. Closing it by Escape or data-dialog-close puts
 * back what the fields said when it opened; data-dialog-save (and Enter in a field) keeps it and fires the bubbling
 * event "dialog:save" on the dialog. The focus goes back to what opened it.
 */

const openers = new WeakMap();
const snapshots = new WeakMap();

/** Opens a dialog, also one that stands open in the page as a fold-out. */
export function openDialog(dialog, opener = document.activeElement) {
  if (dialog.matches(":modal")) return;
  const fold = dialog.closest("details");
  if (fold) fold.open = true;
  dialog.removeAttribute("open");
  openers.set(dialog, opener);
  snapshots.set(dialog, fieldsOf(dialog).map(stateOf));
  dialog.showModal();
  // A fold that has only just opened is not laid out yet, so that the browser finds nothing in it to focus.
  if (!dialog.contains(document.activeElement)) fieldsOf(dialog).find((field) => field.type !== "hidden")?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) open(opener, event);
  const closer = event.target.closest?.("[data-dialog-close]");
  if (closer) cancel(closer.closest("dialog"));
  const saver = event.target.closest?.("[data-dialog-save]");
  if (saver) save(saver.closest("dialog"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
  const dialog = event.target.closest("dialog[data-dialog-fields]:modal");
  if (!dialog) return;
  event.preventDefault();
  save(dialog);
});

// "cancel" and "close" do not bubble, so they are caught on the way down. Only Escape fires "cancel".
document.addEventListener("cancel", (event) => restore(event.target), true);
document.addEventListener("close", (event) => focusAgain(openers.get(event.target)), true);

function open(opener, event) {
  const dialog = document.getElementById(opener.dataset.dialogOpen);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openDialog(dialog, opener);
}

function cancel(dialog) {
  restore(dialog);
  dialog.close();
}

function save(dialog) {
  dialog.close();
  dialog.dispatchEvent(new CustomEvent("dialog:save", { bubbles: true }));
}

function restore(dialog) {
  if (!(dialog instanceof HTMLDialogElement) || !dialog.hasAttribute("data-dialog-fields")) return;
  snapshots.get(dialog)?.forEach((state) => Object.assign(state.field, state.values));
  dialog.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What opened the dialog may stand in a menu that has closed meanwhile; then the menu's button takes the focus. */
function focusAgain(opener) {
  if (!opener?.isConnected) return;
  const isShown = opener.checkVisibility();
  (isShown ? opener : opener.closest("details")?.querySelector("summary"))?.focus();
}

function fieldsOf(dialog) {
  return [...dialog.querySelectorAll("input, select, textarea")];
}

function stateOf(field) {
  const isTicked = field.type === "checkbox" || field.type === "radio";
  return { field, values: isTicked ? { checked: field.checked } : { value: field.value } };
}
