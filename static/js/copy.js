/**
 * Copies text: <button data-copy="text"> or <button data-copy-from="#id of a field">.
 * The button's neighbour with role="status" says data-copied-message for two seconds.
 */

const shownFor = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from]");
  if (!button) return;
  event.preventDefault();
  const copied = await write(textOf(button), button);
  say(button, copied ? button.dataset.copiedMessage : button.dataset.failedMessage);
});

function textOf(button) {
  return button.dataset.copy ?? document.querySelector(button.dataset.copyFrom)?.value ?? "";
}

async function write(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text, button);
  }
}

/** The clipboard API is missing on plain http; selecting and copying still works there. */
function writeBySelection(text, button) {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "visually-hidden";
  button.after(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  button.focus();
  return copied;
}

function say(button, message) {
  const note = button.parentElement.querySelector('[role="status"]');
  if (!note) return;
  note.textContent = message ?? "";
  button.toggleAttribute("data-copied", true);
  clearTimeout(Number(note.dataset.timer));
  note.dataset.timer = setTimeout(() => {
    note.textContent = "";
    button.removeAttribute("data-copied");
  }, shownFor);
}
