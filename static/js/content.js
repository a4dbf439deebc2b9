/** Tells the other modules when content is there: once for the page, then for each part that htmx puts in. */

/** @param {(root: Element) => void} act Called with the new content. */
export function onContent(act) {
  act(document.documentElement);
  document.addEventListener("htmx:load", (event) => act(event.detail.elt));
}
