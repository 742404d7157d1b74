// The visitor's page kept live: follows the ticket's state, rings at the call, leaves the queue, rates.
import { el, localTime } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords } from "/shared/words.js";
import { send } from "../api.js";
import { allowSound, ring } from "./alarm.js";
import { drawRating } from "./rate.js";
import { pointName, wordsFor } from "./words.js";

const byId = (id) => document.getElementById(id);
const page = byId("ticket");
const { code } = page.dataset;
await loadWords("web", document.documentElement.lang);

// States in which a call may come and the queue can be left.
const LIVE = ["waiting", "called", "held"];

let status = null;
let rung = null;
let seenAt = Date.now();

const sound = el("button", { type: "button", onclick: askSound }, _("Ring when I am called"));
const leave = el("button", { type: "button", onclick: askLeave }, _("Leave the queue"));
byId("acts").append(sound, leave);
leave.hidden = true;

function take(state) {
  if (status && state.version < status.version) return;
  const firstLook = status === null;
  status = state;
  seenAt = Date.now();
  page.dataset.state = state.state;
  for (const [id, text] of Object.entries(wordsFor(state))) {
    if (byId(id).textContent.trim() !== text) byId(id).textContent = text;
  }
  byId("waiting-hint").hidden = state.state !== "waiting";
  sound.hidden = !LIVE.includes(state.state) || sound.dataset.on === "yes";
  leave.hidden = !LIVE.includes(state.state);
  document.title = state.state === "called" ? `● ${pointName(state)} — ${state.number}` : `${state.number} — ${_("Your ticket")}`;
  drawRating(byId("rate"), code, state);
  if (state.state === "called" && state.call_id !== rung) {
    rung = state.call_id;
    ring();
    if (!firstLook) byId("headline").scrollIntoView({ block: "center" });
  }
}

async function askSound() {
  try {
    await allowSound();
    sound.dataset.on = "yes";
    sound.hidden = true;
    tell(_("The phone will ring and tremble while this page is open."));
  } catch (fault) {
    tell(_("This phone does not let the page ring. Watch the board in the hall."));
  }
}

function askLeave() {
  const dialog = byId("question");
  dialog.replaceChildren(
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "question-title" }, _("Leave the queue?")),
      el("p", {}, _("Your place will go to the next person. To come back you will need a new ticket.")),
      el("div", { class: "acts" }, el("button", { class: "primary", value: "stay" }, _("Stay")), el("button", { value: "leave" }, _("Leave the queue"))),
    ),
  );
  dialog.setAttribute("aria-labelledby", "question-title");
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "leave" && leaveQueue();
  dialog.showModal();
}

async function leaveQueue() {
  leave.disabled = true;
  const answer = await send(`tickets/${code}/cancel`, {}, { asVisitor: true });
  leave.disabled = false;
  if (answer.ok) take(answer.data);
  else tell(answer.detail);
}

function tell(text) {
  byId("note").textContent = text;
  byId("note").hidden = !text;
}

followNews({
  rooms: [`ticket:${code}`],
  onState: (_room, state) => take(state),
  onLink: (up) => {
    if (up) tell("");
    else tell(_("No contact with the queue. This is how it was at %(time)s; watch the board in the hall.", { time: localTime(seenAt, status?.timezone) }));
  },
  onRefused: (_room, problem) => tell(problem.detail),
});
