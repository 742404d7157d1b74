// The office's plain texts as paragraphs and lists: a blank line parts paragraphs, "- " begins a list item.

import { el } from "/shared/draw.js";

/** @param {string} text @returns {HTMLElement[]} */
export function plainText(text) {
  const elements = [];
  for (const block of text.split(/\n\s*\n/)) {
    let paragraph = [];
    let items = [];
    const endParagraph = () => {
      if (paragraph.length) elements.push(el("p", {}, paragraph.join(" ")));
      paragraph = [];
    };
    const endList = () => {
      if (items.length) elements.push(el("ul", {}, items.map((item) => el("li", {}, item))));
      items = [];
    };
    for (const line of block.split("\n").map((one) => one.trim()).filter(Boolean)) {
      if (line.startsWith("- ")) {
        endParagraph();
        items.push(line.slice(2));
      } else {
        endList();
        paragraph.push(line);
      }
    }
    endParagraph();
    endList();
  }
  return elements;
}
