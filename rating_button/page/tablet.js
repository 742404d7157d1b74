// The rating tablet: follows its desk, asks after each visit, takes one touch and lets it be corrected.
import { followNews } from "/shared/news.js";
import { currentLanguage, loadWords } from "/shared/words.js";
import { momentOf, stepsAfter } from "./moment.js";
import { pressLine } from "./presses.js";
import { drawLanguages, drawPlace, drawScreen } from "./screens.js";
import { contactWords, noTokenWords } from "./screen_words.js";

/** The screens of what follows a mark. */
const FOLLOWING = ["reasons", "question"];
const desk = decodeURIComponent(window.location.pathname.split("/").filter(Boolean).at(-1));
const token = readToken();
const contact = document.getElementById("contact");

let view = null;
let choices = null;
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
      const newlyAsked = state.state === "ask" && state.visit !== view?.visit;
      view = state;
      ahead = Date.parse(state.at) - Date.now();
      if (first || newlyAsked) askChoices();
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
    if (FOLLOWING.includes(before) && !FOLLOWING.includes(moment.screen)) leave();
    drawPlace(view);
    drawLanguages(view, speak);
    drawScreen(moment, view, {
      choices,
      touch,
      onScore: (score) => give(score, moment),
      onNext: () => go(() => Object.assign(touch, { settled: true })),
      onSaid: (said) => Object.assign(touch, { said, active: performance.now() }),
      onReasons: (said) => go(() => sendReasons(said)),
      onAnswer: (code) => go(() => answer(moment.step, code)),
      onStop: () => go(() => (touch.steps = [])),
    });
    // The next visitor begins in the office's own language, not in the last one's.
    if (moment.screen === "idle" && before !== "idle" && view.languages[0] !== currentLanguage()) speak(view.languages[0]);
  }

  function give(score, moment) {
    const first = moment.screen === "correct" ? touch.first : performance.now();
    const correction = choices ? choices.correction_seconds * 1000 : undefined;
    touch = { visit: view.visit, score, first, correction, press: presses.add(score), steps: stepsAfter(choices, score), answers: {} };
    draw();
  }

  /** A touch of what follows the mark: do it, wait for the next one anew, show it. */
  function go(act) {
    act();
    touch.active = performance.now();
    draw();
  }

  function sendReasons(said) {
    touch.steps.shift();
    touch.said = undefined;
    if (!said) return;
    presses.tell("ratings/reasons", { press_id: touch.press, reasons: said.reasons }, said.comment);
  }

  function answer({ survey, question }, code) {
    touch.steps.shift();
    if (code) touch.answers[survey] = { ...touch.answers[survey], [question.code]: code };
    if (!touch.steps.some((step) => step.survey === survey)) sendAnswers(survey);
  }

  function sendAnswers(survey) {
    const answers = touch.answers[survey];
    delete touch.answers[survey];
    if (answers) presses.tell("ratings/survey", { press_id: touch.press, survey, answers });
  }

  /** The visitor has gone or wants no more: what was touched counts, words that were not sent do not. */
  function leave() {
    const reasons = touch.said?.reasons ?? [];
    if (reasons.length) presses.tell("ratings/reasons", { press_id: touch.press, reasons });
    for (const survey of Object.keys(touch.answers)) sendAnswers(survey);
    Object.assign(touch, { steps: [], said: undefined, active: performance.now() });
  }

  /** What the office asks may change from day to day; without an answer only the mark is asked. */
  async function askChoices() {
    try {
      const headers = { Authorization: `Bearer ${token}`, "Accept-Language": currentLanguage() };
      const answered = await fetch(`/api/v1/desks/${desk}/rating-choices`, { headers, signal: AbortSignal.timeout(8000) });
      if (answered.ok) choices = await answered.json();
    } catch (fault) {
      // The mark matters most; it is asked without it.
    }
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
