/** Puts the focus on the first field that was refused (or on the summary, if none was), and opens the dialog or fold-out that it stands in. */

import { onContent } from "./content.js";
import { openDialog } from "./dialogs.js";

onContent((root) => {
  const field = root.querySelector('[aria-invalid="true"]:not([type="hidden"])') ?? root.querySelector(".error-summary");
  if (!field) return;
  reveal(field);
  field.focus();
});

function reveal(field) {
  const fold = field.closest("details");
  if (fold) fold.open = true;
  const dialog = field.closest("dialog");
  if (dialog) openDialog(dialog, document.querySelector(`[data-dialog-open="${CSS.escape(dialog.id)}"]`));
}
