// The operator's console: follows the desk's state, draws it, and sends the operator's acts.
import { localTime, runClock } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords } from "/shared/words.js";
import { ask, send } from "../api.js";
import { ACTS, actOfKey, chorded } from "./acts.js";
import { alertLine } from "./alerts.js";
import { actQuestion, rowQuestion } from "./asking.js";
import { actButton } from "./button.js";
import { officeChoices } from "./choices.js";
import { contactBand } from "./contact.js";
import { setClock } from "./durations.js";
import { HELP, asksHelp, helpQuestion } from "./help.js";
import { questionBox } from "./question.js";
import { sidePanel } from "./side.js";
import { arrivalSound, newcomers } from "./sound.js";
import { topLine } from "./top_line.js";
import { visitorPanel } from "./visitor.js";

/** After the state changes, the buttons rest this long: a double press must not do two acts. */
const REST_MS = 350;

const page = document.getElementById("console");
const { desk, office, timezone } = page.dataset;
const room = `desk:${desk}`;
const path = `desks/${desk}`;
const byId = (id) => document.getElementById(id);

await loadWords("web", document.documentElement.lang);
let view = null;
let online = true;
let busy = false;
let restUntil = 0;
let seenAt = 0;

const timeHere = (instant) => localTime(instant, timezone);
const choices = officeChoices(office, draw);
const top = topLine({ label: byId("desk-label"), state: byId("desk-state"), load: byId("load") }, choices);
const visitor = visitorPanel(byId("visitor"), { choices, timeHere, onAct: act });
const side = sidePanel(byId("line"), { choices, timeHere, onAct: actOnRow, onSettled: draw });
const question = questionBox(byId("question"), { onGone: visitor.say });
const alerts = alertLine(byId("alerts"), { deskName: choices.deskName, onList: () => question.ask(alerts.list()) });
const sound = arrivalSound(byId("page-acts"));
byId("page-acts").append(actButton("slim", _("Keys"), HELP.sign, () => question.ask(helpQuestion())));
runClock(byId("clock"), () => timezone);

function take(state) {
  if (view && state.version < view.version) return;
  setClock(state.at);
  seenAt = Date.now();
  if (view && view.current?.id !== state.current?.id) byId("spoken").textContent = visitor.spoken(state.current);
  const came = newcomers(view, state);
  view = state;
  draw();
  if (came.length && !busy) sound.play();
}

function ready() {
  return online && !busy && Date.now() >= restUntil;
}

function draw() {
  if (!view) return;
  top.draw(view);
  alerts.draw(view);
  visitor.draw(view, ready());
  side.draw(view, ready());
  question.check(ready(), online);
}

/** An act on the desk or on the visitor at it. */
function act(wanted) {
  if (!view || !ready()) return;
  const asked = actQuestion(wanted, { now: () => view, choices, timeHere });
  if (asked) put(asked, wanted);
  else perform(wanted, ACTS[wanted].visitor ? { ticket: view.current.id } : {});
}

/** An act on a visitor of a list. */
function actOnRow(wanted, ticket) {
  if (!view || !ready()) return;
  const asked = rowQuestion(wanted, ticket, { now: () => view, choices });
  if (asked) put(asked, wanted);
  else perform(wanted, { ticket: ticket.id });
}

function put(asked, wanted) {
  question.ask(asked, (body) => perform(wanted, body, true));
  choices.refresh();
  draw();
}

/**
 * Do an act. @param {boolean} [inside] its dialog shows a refusal itself
 * @returns {Promise<string|null>} the refusal's words, empty when it is done, null when it was not the moment
 */
async function perform(wanted, body, inside = false) {
  if (!ready()) return null;
  busy = true;
  visitor.say("");
  draw();
  const answer = await send(`${path}/${ACTS[wanted].path}`, body);
  busy = false;
  restUntil = Date.now() + REST_MS;
  setTimeout(draw, REST_MS + 10);
  if (answer.ok) take(answer.data.screen ?? answer.data);
  else {
    if (!inside) visitor.say(answer.detail);
    // Results may have come into being since the page was opened: the next press asks for one.
    if (answer.code === "result_needed") await choices.refresh();
    await refresh();
  }
  draw();
  return answer.ok ? "" : answer.detail;
}

async function refresh() {
  const answer = await ask(path);
  if (answer.ok) take(answer.data);
  else if (!view) visitor.say(answer.detail);
}

function showContact() {
  byId("alerts").hidden = !online;
  contactBand(byId("contact"), online, timeHere(seenAt || Date.now()));
  draw();
}

/** The keys of the page itself, which work in every state. @returns {boolean} whether it was one */
function pageKey(event) {
  if (event.repeat || chorded(event)) return false;
  if (asksHelp(event)) question.ask(helpQuestion());
  else if (event.code === "KeyL") question.ask(alerts.list());
  else if (event.code === "KeyU") sound.toggle();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.code === HELP.code || event.code === "F2") event.preventDefault();
  if (question.open) {
    question.press(event);
    return;
  }
  // Letters typed in the filter choose a service there; the keys with an F still work.
  if (!view || (event.target.matches?.("#line select") && !/^F\d/.test(event.code))) return;
  if (pageKey(event) || side.press(event)) {
    event.preventDefault();
    return;
  }
  const wanted = actOfKey(event, view);
  if (wanted) event.preventDefault();
  if (wanted) act(wanted);
});

setInterval(() => {
  if (!view) return;
  top.tick(view);
  alerts.tick();
  visitor.tick(view);
  side.tick(view);
}, 1000);

// No act before it is known what it asks: without the results a service would be finished without one.
await choices.refresh();
await refresh();
followNews({
  rooms: [room],
  onState: (_room, state) => take(state),
  onLink: (up) => {
    if (up && !online) choices.refresh();
    online = up;
    showContact();
  },
  onRefused: (_room, problem) => visitor.say(problem.detail),
});
