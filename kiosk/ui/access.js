// What a visitor may change for comfort: contrast, larger text, low position. Ends with the visit.

const chosen = { contrast: false, large: false, low: false };

/** @param {keyof typeof chosen} what */
export function isOn(what) {
  return chosen[what];
}

/** @param {keyof typeof chosen} what */
export function toggle(what) {
  chosen[what] = !chosen[what];
  applyAccess();
}

/** Whether the visitor changed anything. */
export function hasOwnAccess() {
  return Object.values(chosen).some(Boolean);
}

/** Back to how the next visitor expects it. */
export function resetAccess() {
  for (const what of Object.keys(chosen)) chosen[what] = false;
  applyAccess();
}

/** Put the choices on the page; style does the rest. */
export function applyAccess() {
  const root = document.documentElement.dataset;
  if (chosen.contrast) root.theme = "contrast";
  else delete root.theme;
  root.size = chosen.large ? "large" : "normal";
  root.position = chosen.low ? "low" : "normal";
}
