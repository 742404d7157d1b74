// The hall administrator's page: follows the whole hall, draws it, and sends the administrator's acts.
import { localTime, runClock } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords, name } from "/shared/words.js";
import { ask, send } from "../api.js";
import { actButton, enable } from "../desk/button.js";
import { pointName } from "../desk/choices.js";
import { contactBand } from "../desk/contact.js";
import { setClock } from "../desk/durations.js";
import { questionBox } from "../desk/question.js";
import { moveQuestion } from "../desk/transfer.js";
import { ACTS, chorded, typing } from "./acts.js";
import { alertsStrip } from "./alerts.js";
import { desksPanel } from "./desks.js";
import { issueBox } from "./issue.js";
import { annulQuestion, closeQuestion } from "./questions.js";
import { servicesPanel } from "./services.js";
import { topLine } from "./top_line.js";
import { visitorsPanel } from "./visitors.js";

/** After an act the buttons rest this long: a double press must not do two acts. */
const REST_MS = 350;

const page = document.getElementById("hall");
const { office, timezone, languages } = page.dataset;
const mayManage = page.dataset.mayManage === "true";
const room = `hall:${office}`;
const path = `offices/${office}`;
const byId = (id) => document.getElementById(id);

await loadWords("web", document.documentElement.lang);
let view = null;
let choices = null;
let online = true;
let busy = false;
let restUntil = 0;
let seenAt = 0;

const timeHere = (instant) => localTime(instant, timezone);
const facts = {
  view: () => view,
  choices: () => choices,
  categoryName: (code) => name(choices?.categories.find((category) => category.code === code)?.name) || _("priority"),
  timeHere,
};
const top = topLine({ state: byId("office-state"), load: byId("load"), officeName: byId("office-name").textContent });
const alerts = alertsStrip(byId("alerts"), { facts, onGo: go, say: speak });
const visitors = visitorsPanel(byId("visitors"), { facts, mayManage, onAct: act });
const desks = desksPanel(byId("desks"), { facts, mayManage, onClose: closeDesk });
const services = servicesPanel(byId("services"), { facts, onShow: (service) => visitors.go({ service }) });
const question = questionBox(byId("question"), { onGone: report });
const issue = issueBox(byId("issue"), {
  languages: languages.split(" "),
  send: (body) => perform(`${path}/tickets`, body),
  print: printSlip,
});
const issueButton = mayManage && actButton("primary", _("Issue a ticket"), "N", askIssue);
if (issueButton) byId("issue-place").replaceChildren(issueButton);
runClock(byId("clock"), () => timezone);
// A closed dialog holds nothing: what was asked in it must not be found by its ids.
for (const dialog of [byId("question"), byId("issue")]) dialog.addEventListener("close", () => dialog.open || dialog.replaceChildren());

function take(state) {
  if (view && state.version < view.version) return;
  setClock(state.at);
  seenAt = Date.now();
  view = state;
  draw();
}

function ready() {
  return online && !busy && Date.now() >= restUntil;
}

function draw() {
  if (!view) return;
  const now = ready();
  top.draw(view);
  alerts.draw();
  visitors.draw(now);
  desks.draw(now);
  services.draw();
  if (issueButton) enable(issueButton, now);
  question.check(now, online);
  issue.check(now);
}

/** What became of an act, or what went wrong: the page's one alert. */
function report(text, kind = "fault") {
  const message = byId("message");
  message.textContent = text;
  message.dataset.kind = text ? kind : "";
}

function speak(text) {
  byId("spoken").textContent = text;
}

/** Where an alert leads: to a visitor, a desk, the queue of a service, or the whole queue. */
function go(where) {
  if (where.desk) desks.focus(where.desk);
  else visitors.go(where);
}

/** An act on the visitor in hand. */
async function act(wanted, ticket) {
  if (wanted === "print") {
    if (!printSlip(ticket.id)) report(_("The browser did not open the slip. Allow windows for this page or press “Print the slip”."));
    return;
  }
  if (!ready()) return;
  const command = async (body) => {
    const answer = await perform(`${path}/${ACTS[wanted].path}`, body);
    if (answer.ok) report(done(wanted, wanted === "paper" ? ticket : answer.data), "done");
    return answer.detail;
  };
  const made = { move: moveQuestion, annul: annulQuestion }[wanted];
  if (!made) {
    const refusal = await command({ ticket: ticket.id });
    if (refusal) report(refusal);
  } else if (await choicesKnown()) {
    const asked = {
      ...made(ticket, () => choices),
      stands: () => [...view.waiting, ...view.held].some((one) => one.id === ticket.id),
      gone: _("%(number)s has left the queue meanwhile. Nothing was done.", ticket),
    };
    question.ask(asked, command);
  }
}

function done(wanted, ticket) {
  const { number, place } = ticket;
  const words = {
    raise: place ? _("%(number)s is raised, the place now: %(place)s.", { number, place }) : _("%(number)s is raised.", { number }),
    move: _("%(number)s is sent on.", { number }),
    annul: _("%(number)s is annulled.", { number }),
    return: _("%(number)s is back in the queue.", { number }),
    restore: _("%(number)s is back in the queue.", { number }),
    paper: _("%(number)s is being printed at the terminal.", { number }),
  };
  return words[wanted];
}

function closeDesk(desk) {
  if (!ready()) return;
  const asked = {
    ...closeQuestion(desk),
    stands: () => {
      const now = view.desks.find((one) => one.desk === desk.desk);
      return now?.state !== "closed" && now?.current?.id === desk.current?.id && now?.current?.state === desk.current?.state;
    },
    gone: _("%(desk)s: the state has changed meanwhile. Nothing was done.", { desk: pointName(desk) }),
  };
  question.ask(asked, async () => {
    const answer = await perform(`desks/${desk.desk}/close-for-colleague`, {});
    if (answer.ok) report(_("%(desk)s is closed.", { desk: pointName(desk) }), "done");
    return answer.detail;
  });
}

async function askIssue() {
  if (!view || !ready()) return;
  if (await choicesKnown()) issue.ask(view, choices.categories);
}

/** Fetch the lists to choose from: desks open and close, reasons change. */
async function learnChoices() {
  const answer = await ask(`${path}/choices`);
  if (answer.ok) choices = answer.data;
  else if (!choices) report(answer.detail);
  draw();
}

/** Whether a dialog may open: at once with the lists that are known, and they are fetched anew behind it. */
async function choicesKnown() {
  const asked = learnChoices();
  if (!choices) await asked;
  return Boolean(choices) && ready() && !question.open && !issue.open;
}

/**
 * Send a command. @returns {Promise<{ok: boolean, data?: any, detail: string|null}>} `detail`: the refusal's words,
 *   empty when it was done, null when it was not the moment
 */
async function perform(where, body) {
  if (!ready()) return { ok: false, detail: null };
  busy = true;
  report("");
  draw();
  const answer = await send(where, body);
  busy = false;
  restUntil = Date.now() + REST_MS;
  setTimeout(draw, REST_MS + 10);
  // The hall as it is now, refused or done: news may be a moment late.
  if (answer.ok && answer.data.desks) take(answer.data);
  else refresh();
  draw();
  return { detail: "", ...answer };
}

async function refresh() {
  const answer = await ask(`${path}/hall`);
  if (answer.ok) take(answer.data);
  else if (!view) report(answer.detail);
}

function printSlip(ticket) {
  return Boolean(window.open(`/hall/${office}/slip/${ticket}?print=1`, `slip-${ticket}`, "popup,width=420,height=760"));
}

function showContact() {
  contactBand(byId("contact"), online, timeHere(seenAt || Date.now()));
  draw();
}

const KEYS = { KeyN: askIssue, Digit4: () => desks.focus(), Digit5: () => services.focus(), Digit6: () => alerts.focus() };

document.addEventListener("keydown", (event) => {
  if (question.open) question.press(event);
  else if (issue.open) issue.press(event);
  else if (view && !event.repeat && !chorded(event) && !typing(event)) {
    const code = event.code.replace("Numpad", "Digit");
    const known = KEYS[code] && (code !== "KeyN" || mayManage);
    if (known) KEYS[code]();
    if (known || visitors.press(event)) event.preventDefault();
  }
});

setInterval(() => {
  if (!view) return;
  for (const part of [top, alerts, visitors, desks, services]) part.tick(view);
}, 1000);

await Promise.all([learnChoices(), refresh()]);
followNews({
  rooms: [room],
  onState: (_room, state) => take(state),
  onLink: (up) => {
    online = up;
    showContact();
  },
  onRefused: (_room, problem) => report(problem.detail),
});
