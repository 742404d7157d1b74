// The kiosk page: one screen at a time, drawn from the state of the kiosk program.

import { runClock } from "/shared/draw.js";
import { loadWords, name } from "/shared/words.js";
import { applyAccess, hasOwnAccess, resetAccess } from "./access.js";
import { forgetHelp, helpOf, isPlaying, stopHelp, toggleHelp } from "./audio_help.js";
import { bookingScreen, scanned } from "./booking.js";
import { bookingCode } from "./codes.js";
import { categoryScreen, confirmScreen } from "./confirm.js";
import { drawBand, drawLanguages, drawMouth, drawOffline, drawTools } from "./frame.js";
import { groupScreen, homeScreen } from "./home.js";
import { watchIdle } from "./idle.js";
import { informationScreen } from "./information.js";
import { watchKeys } from "./keys.js";
import { watchState } from "./kiosk_program.js";
import { closedScreen, pauseScreen, problemScreen } from "./notices.js";
import { scrollButtons } from "./scrolling.js";
import { searchScreen } from "./search.js";
import { staffScreen } from "./staff.js";
import { ticketScreen } from "./ticket.js";
import { unavailableScreen } from "./unavailable.js";

/**
 * A screen: what stands in the middle.
 * @typedef {object} Screen
 * @property {HTMLElement[]} elements
 * @property {() => void} [shown] after it stands in the page
 * @property {() => void} [update] the state changed
 * @property {() => void} [leave] another screen comes
 * @property {string} [say] read aloud by a screen reader at once
 * @property {(key: string) => void} [type] takes what is typed: a character, "Backspace" or "Enter"
 */

const SCREENS = {
  home: homeScreen,
  group: groupScreen,
  search: searchScreen,
  booking: bookingScreen,
  information: informationScreen,
  unavailable: unavailableScreen,
  staff: staffScreen,
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
const scrolling = document.getElementById("scrolling");
const drawScrolling = scrollButtons(scrolling, main);
/** What every screen may read and do. */
const page = {
  /** @type {any} the state of the kiosk program, null before the first answer */
  state: null,
  language: "",
  go,
  home: () => go(base()),
  finish: startAnew,
  /** Something in the screen grew or shrank. */
  resized: drawScrolling,
};
let current = { name: "", details: undefined, screen: /** @type {Screen} */ ({ elements: [] }) };
let settling = 0;
let clock = 0;
/** @type {string | null} the recording that helps on this screen */
let help = null;
/** @type {string | undefined} what the program called the page when it was loaded */
let started;

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
  drawMouth(document.getElementById("mouth"), mouthIsToTell());
  main.removeAttribute("aria-busy");
  main.replaceChildren(...screen.elements);
  main.scrollTop = 0;
  main.classList.add("settling");
  clearTimeout(settling);
  settling = setTimeout(() => main.classList.remove("settling"), SETTLE_MS);
  place();
  voice.textContent = screen.say ?? "";
  main.querySelector("h1")?.focus({ preventScroll: true });
  offerHelp(screenName);
  reloadIfWanted();
}

/** Let the screen find its place; what does not fit even so can be scrolled by buttons. */
function place() {
  scrolling.hidden = true;
  current.screen.shown?.();
  drawScrolling();
}

/** The button for the help by voice is there only where there is a recording. */
async function offerHelp(screenName) {
  stopHelp();
  const found = await helpOf(screenName, page.language || standard());
  if (current.name !== screenName) return;
  help = found;
  drawHelp();
}

function drawHelp() {
  drawTools(document.getElementById("tools"), {
    onChange() {
      drawFrame();
      place();
    },
    hasHelp: help !== null,
    playing: isPlaying(),
    onHelp: () => toggleHelp(help, drawHelp),
    onStaff: callPerson,
  });
}

/** The way to a person, and back to where the visitor was. */
function callPerson() {
  if (current.name === "staff") return;
  const { name, details } = current;
  go("staff", { back: () => (BASES.includes(name) ? page.home() : go(name, details)) });
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
  drawOffline(document.getElementById("offline"), page.state);
  drawMouth(document.getElementById("mouth"), mouthIsToTell());
  drawHelp();
}

/** Whose ticket just came out reads it on his own screen. */
function mouthIsToTell() {
  return Boolean(page.state?.ticket_in_mouth) && current.name !== "ticket";
}

/** The program was started anew, or staff want the page to be: not while somebody uses it. */
function reloadIfWanted() {
  const wanted = page.state?.page;
  if (wanted && started && wanted !== started && !isInUse()) location.reload();
}

function isInUse() {
  return !BASES.includes(current.name) || page.language !== standard() || hasOwnAccess();
}

async function take(state) {
  page.state = state;
  started ??= state.page;
  if (!page.language) await speak(standard());
  drawFrame();
  if (BASES.includes(current.name) && current.name !== base()) page.home();
  else {
    current.screen.update?.();
    drawScrolling();
  }
  reloadIfWanted();
}

async function startAnew() {
  resetAccess();
  forgetHelp();
  if (page.language !== standard()) await speak(standard());
  drawFrame();
  page.home();
}

applyAccess();
watchIdle({
  times: () => page.state?.times ?? { idle: 45, warning: 12 },
  // The ticket goes away by itself; nothing is to be left on a first screen nobody changed.
  watched: () => current.name !== "ticket" && isInUse(),
  onIdle: startAnew,
});
addEventListener("resize", place);
main.addEventListener("scroll", drawScrolling, { passive: true });
addEventListener("contextmenu", (event) => event.preventDefault());
document.fonts.ready.then(place);
watchKeys({
  onCode: (read) => scanned(page, bookingCode(read)),
  onType(key) {
    current.screen.type?.(key);
    return Boolean(current.screen.type);
  },
});
watchState(take);
