/**
 * Puts the focus on the first field that was refused, and opens the dialog or fold-out that it stands in; if there is
 * none, on what else is marked data-refused, or on the summary.
 */

import { onContent } from "./content.js";
import { openDialog } from "./dialogs.js";

onContent((root) => {
  const field = root.querySelector('[aria-invalid="true"]:not([type="hidden"])');
  if (field) {
    reveal(field);
    field.focus();
    // Bars of buttons stand at the lower edge. A dialog that has only just opened is laid out with the next frame.
    requestAnimationFrame(() => field.scrollIntoView({ block: "center" }));
  } else {
    (root.querySelector("[data-refused]") ?? root.querySelector(".error-summary, .error-notice"))?.focus();
  }
});

function reveal(field) {
  const fold = field.closest("details");
  if (fold) fold.open = true;
  const dialog = field.closest("dialog");
  if (dialog) openDialog(dialog, document.querySelector(`[data-dialog-open="${CSS.escape(dialog.id)}"]`));
}
