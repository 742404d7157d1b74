// Rate the visit from the phone: five faces, one change of mind; then why a mark is low, and a survey. All may be skipped.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { face } from "/rate-page/faces.js";
import { questionForm, reasonsForm } from "/rate-page/follow_up.js";
import { stepsAfter } from "/rate-page/moment.js";
import { ask, freshId, send } from "../api.js";

let status = null;
/** What the office asks, and what it was told before: TicketRating. */
let asked = null;
let score = null;
let changeableUntil = 0;
let steps = [];
let answers = {};
let fault = "";
let done = false;

/** The words of marks 1…5. */
export function marks() {
  return [_("Very bad"), _("Bad"), _("Fair"), _("Good"), _("Excellent")];
}

/**
 * Draw the question into `section`, or the mark already given and what may follow it.
 * @param {HTMLElement} section
 * @param {string} code the ticket's code
 * @param {any} state TicketStatus
 */
export function drawRating(section, code, state) {
  status = state;
  section.hidden = !(status.may_rate || status.score || score);
  if (section.hidden) return;
  if (score === null && status.score) score = status.score;
  if (asked === null) load(section, code);
  draw(section, code);
}

async function load(section, code) {
  asked = {};
  const answer = await ask(`tickets/${code}/rating`);
  if (!answer.ok) return;
  asked = answer.data;
  plan();
  draw(section, code);
}

/** What is still to be asked after the mark. */
function plan() {
  steps = asked.reasons && score ? stepsAfter(asked, score).filter((step) => step.kind !== "reasons" || !asked.explained) : [];
}

function draw(section, code) {
  const changeable = (status.may_rate && score === null) || Date.now() < changeableUntil;
  const [step] = steps;
  const facts = JSON.stringify([changeable, score, step, fault, done, document.documentElement.lang]);
  if (section.dataset.drawn === facts) return;
  section.dataset.drawn = facts;
  const said = el("p", { role: "status" }, fault || (score ? thanks() : ""));
  section.replaceChildren(
    ...(changeable ? [el("h2", {}, _("Rate the service")), faces((mark) => rate(section, code, mark))] : []),
    said,
    ...(step && score ? follow(section, code, step) : []),
  );
}

function faces(onMark) {
  return el(
    "div",
    { class: "marks", role: "group", "aria-label": _("Rate the service") },
    marks().map((word, index) =>
      el("button", { type: "button", class: "mark", "aria-pressed": String(score === index + 1), onclick: () => onMark(index + 1) }, face(index + 1), el("span", {}, word)),
    ),
  );
}

async function rate(section, code, mark) {
  const buttons = [...section.querySelectorAll(".mark")];
  for (const button of buttons) button.disabled = true;
  const answer = await send("ratings", { ticket: code, score: mark, press_id: freshId(), source: "phone" }, { asVisitor: true });
  fault = "";
  if (answer.ok && answer.data.counted) {
    if (score === null) {
      const seconds = asked?.correction_seconds ?? 0;
      changeableUntil = Date.now() + seconds * 1000;
      setTimeout(() => draw(section, code), seconds * 1000 + 100);
    }
    score = mark;
    plan();
  } else fault = answer.ok ? _("This visit can no longer be rated.") : answer.detail;
  delete section.dataset.drawn;
  draw(section, code);
}

function follow(section, code, step) {
  const words = {
    title: _("What was wrong?"),
    notice: _("Please write no names and no phone numbers. Your words are erased after a few days."),
    comment: _("In your own words, if you wish"),
    send: _("Send"),
    skip: _("Skip"),
    stop: _("No more questions"),
    yes: _("Yes"),
    no: _("No"),
  };
  const go = () => {
    done = !steps.length;
    draw(section, code);
    section.querySelector("h2")?.focus();
  };
  if (step.kind === "reasons") {
    const form = reasonsForm({
      reasons: asked.reasons,
      words,
      onSend: async (said) => {
        const answer = await send("ratings/reasons", { ticket: code, ...said }, { asVisitor: true });
        fault = answer.ok ? "" : answer.detail;
        if (answer.ok) steps.shift();
        go();
      },
      onSkip: () => {
        steps.shift();
        go();
      },
    });
    return [el("h2", { tabindex: "-1" }, words.title), form];
  }
  const { survey, question } = step;
  const answered = (given) => {
    steps.shift();
    if (given) answers = { ...answers, [question.code]: given };
    if (!steps.some((other) => other.survey === survey)) tell();
    go();
  };
  const tell = () => {
    if (Object.keys(answers).length) send("ratings/survey", { ticket: code, survey, answers }, { asVisitor: true });
    answers = {};
  };
  const stop = () => {
    steps = [];
    tell();
    go();
  };
  return [
    el("h2", { tabindex: "-1" }, name(question.text)),
    questionForm({ question, words, onAnswer: answered, onSkip: () => answered(null), onStop: stop }),
  ];
}

function thanks() {
  if (done) return _("Thank you! Your answers help us to work better.");
  return _("Your mark: %(mark)s. Thank you!", { mark: marks()[score - 1] });
}
