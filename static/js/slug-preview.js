/**
 * Shows the address that a slug makes, while it is typed.
 *
 * data-slug-preview="#id"  on the slug's field: the element whose [data-slug] says the slug
 * data-slug-from="#id"     on the same field: the title that proposes a slug, until the slug is typed by hand
 */

import { onContent } from "./content.js";

// Letters that do not come apart into a plain letter and an accent. See also: eventtypes/slugs.py
const transliterations = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ı: "i", _: "-",
};

const typedByHand = new WeakSet();

onContent((root) => {
  for (const slug of root.querySelectorAll("[data-slug-preview]")) {
    const title = titleOf(slug);
    if (title && slug.value !== "" && slug.value !== slugFrom(title.value, slug)) typedByHand.add(slug);
    preview(slug);
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  const slug = form?.querySelector("[data-slug-preview]");
  if (!slug) return;
  if (event.target === slug) markTyped(slug);
  if (event.target === titleOf(slug) && !typedByHand.has(slug)) slug.value = slugFrom(event.target.value, slug);
  preview(slug);
});

/** A slug that was emptied follows the title again. */
function markTyped(slug) {
  if (slug.value === "") typedByHand.delete(slug);
  else typedByHand.add(slug);
}

function titleOf(slug) {
  return slug.dataset.slugFrom ? document.querySelector(slug.dataset.slugFrom) : null;
}

function slugFrom(title, slug) {
  const letters = [...title.toLowerCase()].map((letter) => transliterations[letter] ?? letter).join("");
  const plain = letters.normalize("NFKD").replace(/[^\w\s-]/g, "");
  const whole = plain.replace(/[-\s]+/g, "-").replace(/^-+/, "");
  return whole.slice(0, slug.maxLength > 0 ? slug.maxLength : undefined).replace(/-+$/, "");
}

function preview(slug) {
  const shown = document.querySelector(`${slug.dataset.slugPreview} [data-slug]`);
  if (shown) shown.textContent = slug.value || "…";
}
