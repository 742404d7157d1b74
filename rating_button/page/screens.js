// Draws the tablet: the place, the languages, and the screen of the moment.
import { el } from "/shared/draw.js";
import { currentLanguage, name } from "/shared/words.js";
import { face } from "./faces.js";
import { questionForm, reasonsForm } from "./follow_up.js";
import { followUpWords, marks, pointName, screenWords } from "./screen_words.js";

const NAMES = { ru: "Русский", kk: "Қазақша", en: "English" };
const byId = (id) => document.getElementById(id);

/** @param {any} view RatingPageView or null */
export function drawPlace(view) {
  byId("place").textContent = view ? `${name(view.name)} · ${pointName(view)}` : "";
}

/** @param {any} view @param {(language: string) => void} onChoose */
export function drawLanguages(view, onChoose) {
  const languages = view?.languages ?? [];
  const focused = document.activeElement?.lang;
  const buttons = languages.map((code) =>
    el("button", { type: "button", lang: code, "aria-pressed": String(code === currentLanguage()), onclick: () => onChoose(code) }, NAMES[code] ?? code),
  );
  byId("languages").replaceChildren(...(buttons.length > 1 ? buttons : []));
  if (byId("languages").querySelector(`[lang="${focused}"]`)) byId("languages").querySelector(`[lang="${focused}"]`).focus();
}

/**
 * @param {import("./moment.js").Moment} moment
 * @param {any} view RatingPageView or null
 * @param {{choices: any, touch: any, onScore: (score: number) => void, onNext: () => void, onSaid: (said: any) => void,
 *   onReasons: (said: any) => void, onAnswer: (code: string|null) => void, onStop: () => void}} options
 *   `onSaid` remembers what is touched but not sent; `onAnswer` with null skips a question
 */
export function drawScreen(moment, view, options) {
  const { onScore, onNext, touch } = options;
  const [headline, detail] = moment.screen === "question" ? [name(moment.step.question.text), ""] : screenWords(moment);
  const asks = moment.screen === "ask" || moment.screen === "correct";
  const focused = document.activeElement?.dataset?.score;
  byId("main").dataset.screen = moment.screen;
  byId("main").replaceChildren(
    el("h1", {}, headline),
    ...(asks && view?.number ? [el("p", { class: "ticket-number number" }, view.number)] : []),
    ...(asks ? [faces(moment.score, onScore)] : moment.score ? [face(moment.score)] : []),
    ...(detail ? [el("p", { class: "detail" }, detail)] : []),
    ...followUp(moment, options),
    ...(moment.screen === "correct" && touch?.steps?.length ? [el("button", { type: "button", class: "primary next", onclick: onNext }, followUpWords().next)] : []),
  );
  if (asks && focused) byId("main").querySelector(`[data-score="${focused}"]`)?.focus();
  document.title = headline;
}

function followUp({ screen, step }, { choices, touch, onSaid, onReasons, onAnswer, onStop }) {
  const words = followUpWords();
  if (screen === "reasons") {
    return [reasonsForm({ reasons: choices.reasons, words, said: touch.said, onTouch: onSaid, onSend: onReasons, onSkip: () => onReasons(null) })];
  }
  if (screen !== "question") return [];
  return [questionForm({ question: step.question, words, onAnswer, onSkip: () => onAnswer(null), onStop })];
}

function faces(chosen, onScore) {
  return el(
    "div",
    { class: "faces", role: "group", "aria-label": screenWords({ screen: "ask", score: null })[0] },
    marks().map((word, index) =>
      el(
        "button",
        { type: "button", class: "mark", dataset: { score: String(index + 1) }, "aria-pressed": String(chosen === index + 1), onclick: () => onScore(index + 1) },
        face(index + 1),
        el("span", {}, word),
      ),
    ),
  );
}
