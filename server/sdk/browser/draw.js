// Small helpers to draw a page from its state: elements, clock, times in the office's zone.

/**
 * Make an element: el("button", { class: "primary", onclick: go }, "Text", otherElement).
 * Attributes that are false, null or undefined are left out; `on…` functions become listeners.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on") && typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Local wall time "HH:MM" of an instant in the office's zone. */
export function localTime(instant, timezone, language = "ru") {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: timezone }).format(
    new Date(instant),
  );
}

/**
 * Keep `element` showing the office's local time.
 * @param {HTMLElement} element
 * @param {() => string} timezone asked anew at each tick, so that a new state may change it
 */
export function runClock(element, timezone) {
  const tick = () => {
    const text = localTime(Date.now(), timezone());
    if (element.textContent !== text) element.textContent = text;
  };
  tick();
  return setInterval(tick, 1000);
}
