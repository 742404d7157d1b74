// What may follow a mark, on tablet and phone: the reasons of a low one, then the questions of a survey.
import { el } from "/shared/draw.js";
import { name } from "/shared/words.js";
import { face } from "./faces.js";

/** The longest comment that is taken. */
const MOST_WORDS = 500;

/**
 * The form "what was wrong?": reasons to touch, own words, send or skip. Every part may be left out.
 * @param {{reasons: {code: string, name: any}[], words: Record<string, string>, said?: {reasons: string[], comment: string},
 *   onTouch?: (said: {reasons: string[], comment: string}) => void,
 *   onSend: (said: {reasons: string[], comment: string}) => void, onSkip: () => void}} options
 *   `words`: title, notice, comment, send, skip. `said`: what was touched so far, when it is drawn anew
 */
export function reasonsForm({ reasons, words, said = { reasons: [], comment: "" }, onTouch = () => {}, onSend, onSkip }) {
  const now = { reasons: [...said.reasons], comment: said.comment };
  const send = el("button", { type: "submit", class: "primary" }, words.send);
  const check = () => (send.disabled = !now.reasons.length && !now.comment.trim());
  const touched = () => {
    check();
    onTouch(now);
  };
  const choices = reasons.map(({ code, name: names }) =>
    el("button", { type: "button", class: "choice", dataset: { code }, "aria-pressed": String(now.reasons.includes(code)), onclick: (event) => toggle(event.currentTarget, code) }, name(names)),
  );
  const comment = el("textarea", { id: "rating-comment", rows: 2, maxlength: MOST_WORDS, "aria-describedby": "rating-notice", oninput: () => {
    now.comment = comment.value;
    touched();
  } });
  comment.value = now.comment;
  check();
  return el(
    "form",
    { class: "follow-up", onsubmit: (event) => {
      event.preventDefault();
      onSend({ reasons: now.reasons, comment: now.comment.trim() });
    } },
    el("div", { class: "choices", role: "group", "aria-label": words.title }, choices),
    el("label", { for: "rating-comment" }, words.comment),
    comment,
    el("p", { id: "rating-notice", class: "quiet" }, words.notice),
    acts(send, words.skip, onSkip),
  );

  function toggle(button, code) {
    const on = !now.reasons.includes(code);
    now.reasons = on ? [...now.reasons, code] : now.reasons.filter((other) => other !== code);
    button.setAttribute("aria-pressed", String(on));
    touched();
  }
}

/**
 * One question of a survey: a touch answers it.
 * @param {{question: any, words: Record<string, string>, onAnswer: (code: string) => void, onSkip: () => void, onStop: () => void}} options
 *   `words`: yes, no, skip, stop. `onSkip`: the next question; `onStop`: no more questions
 */
export function questionForm({ question, words, onAnswer, onSkip, onStop }) {
  const answers = { scale: scale, yes_no: () => [["yes", words.yes], ["no", words.no]], choice: () => question.choices.map((choice) => [choice.code, name(choice.name)]) }[question.kind]();
  return el(
    "div",
    { class: "follow-up" },
    el(
      "div",
      { class: `choices ${question.kind === "choice" ? "choose" : question.kind}`, role: "group", "aria-label": name(question.text) },
      answers.map(([code, label]) => el("button", { type: "button", class: "choice", dataset: { code }, onclick: () => onAnswer(code) }, label)),
    ),
    el("div", { class: "acts" }, el("button", { type: "button", onclick: onSkip }, words.skip), el("button", { type: "button", onclick: onStop }, words.stop)),
  );
}

/** 1 to 5, each with its face: the number alone does not say which end is good. */
function scale() {
  return [1, 2, 3, 4, 5].map((mark) => [String(mark), [face(mark), el("span", {}, String(mark))]]);
}

function acts(send, skip, onSkip) {
  return el("div", { class: "acts" }, send, el("button", { type: "button", class: "skip-act", onclick: onSkip }, skip));
}
