// What is wrong to the eye on the board as it is now: cut or leaving texts, parts over each other, weak contrast.
const box = (element) => element.getBoundingClientRect();
const named = (element) => `${element.id || element.className}: ${element.textContent.trim().slice(0, 30)}`;

function inSight(element) {
  const { height, left } = box(element);
  const list = element.closest("#services"); // what does not fit there wraps into a column out of sight
  const end = list ? box(list).right - 1 : innerWidth;
  return element.checkVisibility({ visibilityProperty: true }) && height > 1 && left < end;
}

const all = (selector) => [...document.querySelectorAll(selector)].filter(inSight);

const TEXTS = `#office, #zone, #clock, #next-title, #next li, #expected-title, #wait p, #services p, .slide,
  #rows li > :not(.sign, .visually-hidden)`;
const INSIDE = {
  "#rows": "#rows li",
  "#side": "#side > *",
  "#services": "#services li",
  "#slides": "#slides .slide > *",
  "#wait": "#wait p",
};

/** Sentences of what is cut or covered; an empty list is a clean board. */
window.faults = () => {
  const wide = all(TEXTS).filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0);
  const out = all(TEXTS).filter((one) => box(one).right > innerWidth + 1 || box(one).bottom > innerHeight + 1);
  const leaving = Object.entries(INSIDE).flatMap(([outer, inner]) => {
    const [part] = all(outer).map(box);
    if (!part) return [];
    return all(inner).filter((one) => box(one).bottom > part.bottom + 1 || box(one).right > part.right + 1);
  });
  const areas = all("header, #called, #side, #slides, footer");
  const covered = areas.filter((one, index) =>
    areas.slice(index + 1).map(box).some((other) => {
      const { left, right, top, bottom } = box(one);
      return right > other.left + 1 && other.right > left + 1 && bottom > other.top + 1 && other.bottom > top + 1;
    }),
  );
  return [
    ...wide.map((one) => `too wide: ${named(one)}`),
    ...out.map((one) => `out of the screen: ${named(one)}`),
    ...leaving.map((one) => `leaves its part: ${named(one)}`),
    ...covered.map((one) => `covered: ${named(one)}`),
  ];
};

const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = (colour) =>
  colour
    .slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);

function ground(element) {
  const found = channels(getComputedStyle(element).backgroundColor);
  return found.length === 3 || found[3] === 1 ? found : ground(element.parentElement);
}

/** The lowest contrast of words and signs in sight against the ground behind them, by WCAG, and whose it is. */
window.lowestContrast = () =>
  all("body *")
    .filter((one) => one.matches("path") || [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((one) => {
      const { color, stroke } = getComputedStyle(one);
      const lights = [luminance(channels(one.matches("path") ? stroke : color)), luminance(ground(one))];
      return [(Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05), one.outerHTML.slice(0, 80)];
    })
    .sort(([one], [other]) => one - other)[0];
