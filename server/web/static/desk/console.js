// The operator's console: follows the desk's state, draws it, and sends the operator's acts.
import { localTime, runClock } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords, name } from "/shared/words.js";
import { ask, send } from "../api.js";
import { ACTS, actOfKey } from "./acts.js";
import { setClock } from "./durations.js";
import { questionBox } from "./question.js";
import { holdQuestion, noShowQuestion, outOfTurnQuestion } from "./questions.js";
import { LONGEST_REASON } from "./reason_choice.js";
import { sidePanel } from "./side.js";
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
let categories = [];

const categoryName = (code) => name(categories.find((category) => category.code === code)?.name) || _("priority");
const timeHere = (instant) => localTime(instant, timezone);
const top = topLine({ label: byId("desk-label"), state: byId("desk-state"), load: byId("load") });
const visitor = visitorPanel(byId("visitor"), { categoryName, onAct: act });
const side = sidePanel(byId("line"), { categoryName, timeHere, onAct: actOnRow, onSettled: draw });
const question = questionBox(byId("question"), { onGone: visitor.say });
runClock(byId("clock"), () => timezone);

function take(state) {
  if (view && state.version < view.version) return;
  setClock(state.at);
  seenAt = Date.now();
  if (view && view.current?.number !== state.current?.number) byId("spoken").textContent = state.current?.number ?? "";
  view = state;
  draw();
}

function ready() {
  return online && !busy && Date.now() >= restUntil;
}

function draw() {
  if (!view) return;
  top.draw(view);
  visitor.draw(view, ready());
  side.draw(view, ready());
  question.check(ready());
}

/** An act on the desk or on the visitor at it. */
async function act(wanted) {
  if (!view || !ready()) return;
  let body = {};
  if (wanted === "noShow" || wanted === "hold") {
    const asked = view.current;
    body = await question.ask({
      ...(wanted === "hold" ? holdQuestion(asked) : noShowQuestion(asked)),
      stands: () => view.current?.id === asked.id && (wanted === "hold" || view.current.state === "called"),
      gone: _("%(number)s is no longer at this step. Nothing was done.", asked),
    });
  }
  if (body) await perform(wanted, body);
}

/** An act on a visitor of a list. */
async function actOnRow(wanted, ticket) {
  if (!ready()) return;
  let body = { ticket: ticket.id };
  if (wanted === "callHeld") {
    body.reason = _("Was put aside: %(reason)s", { reason: ticket.held_reason ?? "" }).slice(0, LONGEST_REASON);
  } else if (wanted === "callOutOfTurn") {
    body = await question.ask({
      ...outOfTurnQuestion(ticket),
      stands: () => view.state === "open" && !view.current && view.mine.includes(ticket.id),
      gone: _("%(number)s is no longer waiting, or the desk is not free. Nothing was done.", ticket),
    });
  }
  if (body) await perform(wanted, body);
}

async function perform(wanted, body) {
  if (!ready()) return;
  busy = true;
  visitor.say("");
  draw();
  const answer = await send(`${path}/${ACTS[wanted].path}`, body);
  busy = false;
  restUntil = Date.now() + REST_MS;
  setTimeout(draw, REST_MS + 10);
  if (answer.ok) take(answer.data.screen ?? answer.data);
  else {
    visitor.say(answer.detail);
    await refresh();
  }
  draw();
}

async function refresh() {
  const answer = await ask(path);
  if (answer.ok) take(answer.data);
  else if (!view) visitor.say(answer.detail);
}

function showContact() {
  const band = byId("contact");
  band.hidden = online;
  band.textContent = online
    ? ""
    : _("No contact with the server. The screen shows how it was at %(time)s; the buttons will work when contact is back.", {
        time: timeHere(seenAt || Date.now()),
      });
  draw();
}

document.addEventListener("keydown", (event) => {
  if (question.open) {
    question.press(event);
    return;
  }
  if (!view) return;
  if (side.press(event)) {
    event.preventDefault();
    return;
  }
  const wanted = actOfKey(event, view);
  if (event.code === "F2" || wanted) event.preventDefault();
  if (wanted) act(wanted);
});

setInterval(() => {
  if (!view) return;
  top.tick(view);
  visitor.tick(view);
  side.tick(view);
}, 1000);

const asked = ask(`offices/${office}`);
await refresh();
followNews({
  rooms: [room],
  onState: (_room, state) => take(state),
  onLink: (up) => {
    online = up;
    showContact();
  },
  onRefused: (_room, problem) => visitor.say(problem.detail),
});
const answer = await asked;
if (answer.ok) {
  ({ categories } = answer.data);
  draw();
}
