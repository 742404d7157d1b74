// The operator's console: follows the desk's state, draws it, and sends the operator's acts.
import { el, localTime, runClock } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords, name } from "/shared/words.js";
import { ask, send } from "../api.js";
import { ACTS, actOfKey } from "./acts.js";
import { minutes, secondsSince, setClock } from "./durations.js";
import { linePanel } from "./line.js";
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
const visitor = visitorPanel(byId("visitor"), { categoryName, onAct: act });
const line = linePanel(byId("line"), { categoryName });
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
  visitor.draw(view, ready());
  line.draw(view);
  const point = { window: _("Window %(label)s", view), room: _("Room %(label)s", view), counter: _("Counter %(label)s", view) };
  byId("desk-label").textContent = point[view.kind];
  document.title = view.current ? `${view.current.number} — ${point[view.kind]}` : point[view.kind];
  const state = byId("desk-state");
  state.textContent = { open: _("At work"), break: _("On a break"), closed: _("Closed") }[view.state];
  state.dataset.state = view.state;
  drawLoad();
}

function drawLoad() {
  const longest = Math.max(0, ...view.waiting.map((ticket) => secondsSince(ticket.joined_at)));
  const facts = [
    [_("In the hall"), view.waiting.length],
    [_("Longest wait"), view.waiting.length ? minutes(longest) : "—"],
    [_("Served today"), view.served_today],
  ];
  byId("load").replaceChildren(...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(value)))));
}

async function act(name) {
  if (!view || !ready()) return;
  if (name === "noShow" && !(await sure())) return;
  busy = true;
  visitor.say("");
  draw();
  const answer = await send(`${path}/${ACTS[name].path}`);
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

/** Ask before a visitor loses the place: the one act that cannot be undone. */
function sure() {
  const dialog = byId("question");
  const { number } = view.current;
  const yes = el("button", { class: "primary", value: "yes" }, el("span", {}, _("Did not come")), el("kbd", { "aria-hidden": "true" }, "N"));
  dialog.replaceChildren(
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "question-title" }, _("%(number)s did not come?", { number })),
      el("p", {}, _("The visitor leaves the queue, and the desk becomes free.")),
      el("div", { class: "acts" }, yes, el("button", { value: "no" }, el("span", {}, _("Back")), el("kbd", { "aria-hidden": "true" }, "Esc"))),
    ),
  );
  dialog.setAttribute("aria-labelledby", "question-title");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.onclose = () => answer(dialog.returnValue === "yes" && view.current?.number === number && ready());
  });
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
        time: localTime(seenAt || Date.now(), timezone),
      });
  draw();
}

document.addEventListener("keydown", (event) => {
  const dialog = byId("question");
  if (dialog.open) {
    if (event.code === "KeyN" && !event.repeat) dialog.close("yes");
    return;
  }
  if (event.code === "KeyM" && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey) line.toggle();
  if (!view) return;
  const wanted = actOfKey(event, view);
  if (event.code === "F2" || wanted) event.preventDefault();
  if (wanted) act(wanted);
});

setInterval(() => {
  if (!view) return;
  visitor.tick(view);
  line.tick(view);
  drawLoad();
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
