// The rating tablet: follows its desk, asks after each visit, takes one touch and lets it be corrected.
import { followNews } from "/shared/news.js";
import { currentLanguage, loadWords } from "/shared/words.js";
import { momentOf } from "./moment.js";
import { pressLine } from "./presses.js";
import { drawLanguages, drawPlace, drawScreen } from "./screens.js";
import { contactWords, noTokenWords } from "./screen_words.js";

const desk = decodeURIComponent(window.location.pathname.split("/").filter(Boolean).at(-1));
const token = readToken();
const contact = document.getElementById("contact");

let view = null;
let touch = null;
let ahead = 0;
let shown = "";

await loadWords("rating", "ru");
if (token) begin();
else contact.textContent = noTokenWords();

function begin() {
  const presses = pressLine({ desk, token, onRefused: (detail) => (contact.textContent = detail) });
  followNews({
    token,
    rooms: [`rating:${desk}`],
    onState: async (_room, state) => {
      const first = !view;
      view = state;
      ahead = Date.parse(state.at) - Date.now();
      if (first) await speak(state.languages[0]);
      draw();
    },
    onLink: (up) => (contact.textContent = up ? "" : contactWords()),
    onRefused: (_room, problem) => (contact.textContent = problem.detail),
  });
  setInterval(draw, 250);

  function draw() {
    const now = performance.now();
    const moment = momentOf(view, touch, now, Date.now() + ahead);
    const facts = JSON.stringify([moment, view?.visit, currentLanguage()]);
    if (facts === shown) return;
    const before = shown && JSON.parse(shown)[0].screen;
    shown = facts;
    drawPlace(view);
    drawLanguages(view, speak);
    drawScreen(moment, view, (score) => {
      touch = { visit: view.visit, score, first: moment.screen === "correct" ? touch.first : performance.now() };
      presses.add(score);
      draw();
    });
    // The next visitor begins in the office's own language, not in the last one's.
    if (moment.screen === "idle" && before !== "idle" && view.languages[0] !== currentLanguage()) speak(view.languages[0]);
  }

  async function speak(language) {
    await loadWords("rating", language);
    draw();
  }
}

/** The token comes once after "#"; it is kept for reloads and taken out of the address bar. */
function readToken() {
  const given = window.location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("talon-rating-token", given);
    history.replaceState(null, "", window.location.pathname);
  }
  return given || sessionStorage.getItem("talon-rating-token") || "";
}
