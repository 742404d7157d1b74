// The board's own signs as inline SVG: arrows, bell, broken contact. They take the colour of the text.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  arrow: ["M4 24h38", "M28 9l15 15-15 15"],
  // Where the window is: a filled arrow, unlike the thin one between number and window; the style turns it.
  pointer: ["M4 17h20V5l20 19-20 19V31H4z"],
  dash: ["M12 24h24"],
  bell: ["M10 34c3-3 4-7 4-14a10 10 0 0 1 20 0c0 7 1 11 4 14z", "M20 40a4 4 0 0 0 8 0", "M24 6v4"],
  lost: ["M24 18v12", "M24 36v.5", "M24 6 44 42H4z"],
  sound: ["M6 18v12h8l10 8V10l-10 8z", "M32 16a11 11 0 0 1 0 16", "M38 10a20 20 0 0 1 0 28"],
};

/** @param {keyof typeof PATHS} name A sign for the eye only: words beside it say the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
