// The kiosk page: one screen at a time, drawn from the state of the kiosk program.

import { runClock } from "/shared/draw.js";
import { loadWords, name } from "/shared/words.js";
import { applyAccess, hasOwnAccess, resetAccess } from "./access.js";
import { drawBand, drawLanguages, drawTools } from "./frame.js";
import { watchIdle } from "./idle.js";
import { watchState } from "./kiosk_program.js";
import { closedScreen, pauseScreen, problemScreen } from "./notices.js";
import { categoryScreen, confirmScreen } from "./confirm.js";
import { homeScreen } from "./home.js";
import { ticketScreen } from "./ticket.js";

/**
 * A screen: what stands in the middle.
 * @typedef {object} Screen
 * @property {HTMLElement[]} elements
 * @property {() => void} [shown] after it stands in the page
 * @property {() => void} [update] the state changed
 * @property {() => void} [leave] another screen comes
 * @property {string} [say] read aloud by a screen reader at once
 */

const SCREENS = {
  home: homeScreen,
  confirm: confirmScreen,
  category: categoryScreen,
  ticket: ticketScreen,
  problem: problemScreen,
  closed: closedScreen,
  pause: pauseScreen,
};
const BASES = ["home", "closed", "pause"];
/** A finger that taps twice must not press what the next screen puts under it. */
const SETTLE_MS = 350;

const main = document.getElementById("main");
const voice = document.getElementById("voice");
/** What every screen may read and do. */
const page = {
  /** @type {any} the state of the kiosk program, null before the first answer */
  state: null,
  language: "",
  go,
  home: () => go(base()),
  finish: startAnew,
};
let current = { name: "", details: undefined, screen: /** @type {Screen} */ ({ elements: [] }) };
let settling = 0;
let clock = 0;

/** Where the visitor begins now. */
function base() {
  if (!page.state?.office || !page.state.reachable) return "pause";
  return page.state.office.is_open ? "home" : "closed";
}

/** Show a screen. @param {keyof typeof SCREENS} screenName */
function go(screenName, details) {
  current.screen.leave?.();
  const screen = SCREENS[screenName](page, details);
  current = { name: screenName, details, screen };
  document.body.dataset.screen = screenName;
  main.replaceChildren(...screen.elements);
  main.scrollTop = 0;
  main.classList.add("settling");
  clearTimeout(settling);
  settling = setTimeout(() => main.classList.remove("settling"), SETTLE_MS);
  screen.shown?.();
  voice.textContent = screen.say ?? "";
  main.querySelector("h1")?.focus({ preventScroll: true });
}

function standard() {
  return page.state?.office?.languages?.[0] ?? "ru";
}

async function speak(language) {
  page.language = language;
  await loadWords("kiosk", language);
  drawFrame();
  go(current.name || base(), current.details);
}

function drawFrame() {
  const office = page.state?.office;
  document.getElementById("company").textContent = name(office?.company);
  document.getElementById("office").textContent = name(office?.name);
  // The clock shows the office's time, so it waits until the office is known.
  if (office && !clock) clock = runClock(document.getElementById("clock"), () => page.state.office?.timezone ?? "UTC");
  drawBand(document.getElementById("band"), office);
  drawLanguages(document.getElementById("languages"), office?.languages ?? [], page.language, speak);
  drawTools(document.getElementById("tools"), () => {
    drawFrame();
    current.screen.shown?.();
  });
}

async function take(state) {
  page.state = state;
  if (!page.language) await speak(standard());
  drawFrame();
  if (BASES.includes(current.name) && current.name !== base()) page.home();
  else current.screen.update?.();
}

async function startAnew() {
  resetAccess();
  if (page.language !== standard()) await speak(standard());
  drawFrame();
  page.home();
}

applyAccess();
watchIdle({
  times: () => page.state?.times ?? { idle: 45, warning: 12 },
  // The ticket goes away by itself; nothing is to be left on a first screen nobody changed.
  watched: () =>
    current.name !== "ticket" &&
    (!BASES.includes(current.name) || page.language !== standard() || hasOwnAccess()),
  onIdle: startAnew,
});
addEventListener("resize", () => current.screen.shown?.());
addEventListener("contextmenu", (event) => event.preventDefault());
// A key held down presses once.
addEventListener("keydown", (event) => event.repeat && event.key !== "Tab" && event.preventDefault(), true);
watchState(take);
