// Five faces from very bad to excellent, drawn as SVG: the mouth tells the mark, the colour only helps.

const SVG = "http://www.w3.org/2000/svg";
/** How far the middle of the mouth hangs below (smile) or stands above (frown) its corners. */
const MOUTHS = ["M15 35 Q24 24 33 35", "M16 34 Q24 29 32 34", "M16 32 H32", "M16 31 Q24 37 32 31", "M14 29 Q24 43 34 29 Z"];

/** @param {1|2|3|4|5} score @returns {SVGSVGElement} the face; hidden from readers, the word beside it speaks */
export function face(score) {
  const drawing = part("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: `face face-${score}` });
  drawing.append(
    part("circle", { cx: 24, cy: 24, r: 21, class: "skin" }),
    part("circle", { cx: 17, cy: 19, r: 2.6, class: "eye" }),
    part("circle", { cx: 31, cy: 19, r: 2.6, class: "eye" }),
    part("path", { d: MOUTHS[score - 1], class: score === 5 ? "mouth open" : "mouth" }),
  );
  if (score === 1) drawing.append(part("path", { d: "M12 12 L20 15 M36 12 L28 15", class: "mouth" }));
  return drawing;
}

function part(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
