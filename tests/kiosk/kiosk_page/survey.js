// Goes through languages and comfort on the screen that is open, and tells what does not fit in each.

/** @param {Array<[string, string]>} looks language and theme (normal, contrast, low, 150, 200) @returns faults by look */
window.survey = async (looks) => {
  const found = {};
  for (const [language, theme] of looks) {
    await window.choose(language, theme);
    found[`${language} ${theme}`] = [...cut(theme), ...smallTargets()];
  }
  return found;
};

/** As a visitor would choose it, all at once. A question over the screen is left as it is. */
window.choose = async (language, theme) => {
  if (document.querySelector("dialog[open]")) return;
  const pressed = (key) => document.querySelector(`[data-key=${key}]`).getAttribute("aria-pressed") === "true";
  const press = (key) => document.querySelector(`[data-key=${key}]`).click();
  if (!pressed(language)) press(language);
  await until(() => pressed(language) && document.documentElement.lang === language);
  for (const [key, on] of [["contrast", theme === "contrast"], ["low", theme === "low"]]) {
    if (pressed(key) !== on) press(`${key}`);
  }
  const size = ["150", "200"].includes(theme) ? theme : "100";
  while (document.documentElement.dataset.size !== size) press("size");
  await until(() => [...document.images].every((one) => one.complete));
  await nextFrame();
};

const nextFrame = () => new Promise((done) => requestAnimationFrame(done));

async function until(condition) {
  while (!condition()) await nextFrame();
}

function cut(theme) {
  const faults = [];
  const main = document.querySelector("main");
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push("the page scrolls sideways");
  if (main.scrollWidth > main.clientWidth + 1) faults.push("the screen scrolls sideways");
  const longer = main.scrollHeight - main.clientHeight;
  const buttons = document.querySelector("#scrolling").checkVisibility();
  if (longer > 1 && !["150", "200"].includes(theme)) faults.push(`the screen scrolls down ${longer}`);
  if (longer > 1 !== buttons) faults.push(`buttons to scroll: ${buttons}, but longer by ${longer}`);
  for (const one of document.querySelectorAll("button, h1, h2, .sentence, .paper, .found")) {
    if (!one.checkVisibility() || one.matches(".visually-hidden")) continue;
    const box = one.getBoundingClientRect();
    const name = one.textContent.slice(0, 40);
    if (one.scrollWidth > one.clientWidth + 1) faults.push(`words run out of: ${name}`);
    if (one.matches("button") && one.scrollHeight > one.clientHeight + 1) faults.push(`cut: ${name}`);
    if (box.left < 0 || box.right > innerWidth || (box.bottom > innerHeight && !one.closest("main")))
      faults.push(`outside: ${name}`);
  }
  return [...faults, ...overlapping()];
}

/** Buttons that lie on one another: a finger would press the wrong one. */
function overlapping() {
  const room = document.querySelector("dialog[open]") ?? document.querySelector("main");
  const boxes = [...room.querySelectorAll("button")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.textContent.slice(0, 30), one.getBoundingClientRect()]);
  const faults = [];
  boxes.forEach(([name, box], place) => {
    for (const [other, its] of boxes.slice(place + 1)) {
      const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (wide > 1 && high > 1) faults.push(`${name} lies on ${other}`);
    }
  });
  return faults;
}

function smallTargets() {
  return [...document.querySelectorAll("button, input, [tabindex='0']")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.textContent.slice(0, 30), one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 48 || box.height < 48)
    .map(([text, box]) => `too small: ${text}: ${box.width} x ${box.height}`);
}
