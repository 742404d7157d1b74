// The slip: a page just as long as what stands on it, printed at once when it was opened for that.

const PIXELS_PER_MM = 96 / 25.4;

await document.fonts.ready;
// Paper comes from a roll, but a printed page needs a height in figures: CSS knows no "as long as needed".
const height = Math.ceil(document.querySelector(".slip").getBoundingClientRect().height / PIXELS_PER_MM) + 1;
const paper = new CSSStyleSheet();
paper.replaceSync(`@page { size: 80mm ${height}mm; margin: 0; }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, paper];

document.getElementById("print").addEventListener("click", () => window.print());
if (new URLSearchParams(window.location.search).has("print")) {
  window.addEventListener("afterprint", () => window.close());
  window.print();
}
