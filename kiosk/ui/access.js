// What a visitor may change for comfort: contrast, larger text, low position. Ends with the visit.

/** Text sizes in percent, in the order the button goes through them. */
const SIZES = [100, 150, 200];
const chosen = { contrast: false, size: 100, low: false };

/** @param {"contrast"|"size"|"low"} what */
export function isOn(what) {
  return what === "size" ? chosen.size > SIZES[0] : chosen[what];
}

/** The size of the text in percent. */
export function textSize() {
  return chosen.size;
}

/** Switch contrast or position over, or go to the next text size. @param {"contrast"|"size"|"low"} what */
export function change(what) {
  if (what === "size") chosen.size = SIZES[(SIZES.indexOf(chosen.size) + 1) % SIZES.length];
  else chosen[what] = !chosen[what];
  applyAccess();
}

/** Whether the visitor changed anything. */
export function hasOwnAccess() {
  return isOn("contrast") || isOn("size") || isOn("low");
}

/** Back to how the next visitor expects it. */
export function resetAccess() {
  Object.assign(chosen, { contrast: false, size: SIZES[0], low: false });
  applyAccess();
}

/** Put the choices on the page; style does the rest. */
export function applyAccess() {
  const root = document.documentElement.dataset;
  if (chosen.contrast) root.theme = "contrast";
  else delete root.theme;
  root.size = String(chosen.size);
  root.position = chosen.low ? "low" : "normal";
}
