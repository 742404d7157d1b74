// The page of bookings for staff: follows the office's news, draws a day and the conflicts, sends the acts of staff.
import { localTime, runClock } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords, name } from "/shared/words.js";
import { ask, send } from "../api.js";
import { actButton, enable } from "../desk/button.js";
import { contactBand } from "../desk/contact.js";
import { questionBox } from "../desk/question.js";
import { chorded, typing } from "../hall/acts.js";
import { callerBox } from "./caller.js";
import { dayBar } from "./day_bar.js";
import { bookingsPanel } from "./panel.js";
import { cancelQuestion, checkedIn, contactQuestion, contactShown, moveQuestion, tellAllQuestion, tellQuestion, whichBooking } from "./questions.js";
import { reception } from "./reception.js";

/** After an act the buttons rest this long: a double press must not do two acts. */
const REST_MS = 350;
/** News comes in flocks: the lists are asked for so long after the first of them. */
const GATHER_MS = 700;
/** Time alone changes them too: who does not come is missed, free places pass. */
const REFRESH_MS = 30_000;

const page = document.getElementById("bookings");
const { office, timezone } = page.dataset;
const mayManage = page.dataset.mayManage === "true";
const mayPrint = page.dataset.mayPrint === "true";
const path = `offices/${office}`;
const byId = (id) => document.getElementById(id);

await loadWords("web", document.documentElement.lang);
let list = null;
let conflicts = null;
let rules = null;
/** The day wished; empty is today, whatever day that is. */
let wished = "";
let linked = true;
let answered = true;
let busy = false;
let restUntil = 0;
let seenAt = 0;
let gathering = 0;
let asked = 0;

const timeHere = (instant) => localTime(instant, timezone);
const facts = {
  office,
  timezone,
  timeHere,
  mayPrint,
  lists: () => list && conflicts && { day: list.bookings, conflicts: conflicts.bookings },
  isToday: (booking) => list.today === new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(new Date(booking.starts_at)),
};
const days = dayBar(byId("day"), { load: byId("load"), onGo: go });
const panel = bookingsPanel(byId("panel"), { facts, mayManage, mayPrint, onAct: act, onTellAll: tellAll });
const question = questionBox(byId("question"), { onGone: report });
const caller = callerBox(byId("caller"), { office, timezone, timeHere, send: (body) => perform(`${path}/bookings`, body) });
const comer = mayManage ? reception(byId("reception"), { onCome: (body) => perform(`${path}/bookings/check-in`, body), onDone: showTicket }) : null;
const bookButton = mayManage ? actButton("primary", _("Book for a caller"), "N", askCaller) : null;
if (bookButton) byId("book-place").append(bookButton);
runClock(byId("clock"), () => timezone);
// A closed dialog holds nothing: neither an id asked twice, nor somebody's phone.
for (const dialog of [byId("question"), byId("caller")]) dialog.addEventListener("close", () => dialog.open || dialog.replaceChildren());

function online() {
  return linked && answered;
}

function ready() {
  return online() && !busy && Date.now() >= restUntil;
}

function draw() {
  if (!list || !conflicts) return;
  const now = ready();
  days.draw(list);
  panel.draw(now);
  comer?.draw(now);
  if (bookButton) enable(bookButton, now && rules !== null);
  question.check(now, online());
  caller.check(now, online());
  document.title = conflicts.bookings.length ? `▲ ${conflicts.bookings.length} — ${page.dataset.title}` : page.dataset.title;
}

/** What became of an act, or what went wrong: the page's one alert. */
function report(text, kind = "fault") {
  const message = byId("message");
  message.textContent = text;
  message.dataset.kind = text ? kind : "";
}

/** Show another day; empty is today. */
function go(day) {
  wished = day;
  return refresh();
}

/** Ask for both lists. An answer that a later question has overtaken is dropped. */
async function refresh() {
  const mine = ++asked;
  clearTimeout(gathering);
  gathering = 0;
  const [day, clashes] = await Promise.all([ask(`${path}/bookings${wished ? `?day=${wished}` : ""}`), ask(`${path}/booking-conflicts`)]);
  if (mine !== asked) return;
  answered = day.ok && clashes.ok;
  if (answered) {
    list = day.data;
    conflicts = clashes.data;
    seenAt = Date.now();
  } else if (linked) report((day.ok ? clashes : day).detail);
  showContact();
}

function gather() {
  gathering ||= setTimeout(refresh, GATHER_MS);
}

/** An act on the booking in hand. */
function act(wanted, booking) {
  if (wanted === "slip") return printSlip(booking.ticket);
  if (!ready()) return undefined;
  const where = `${path}/bookings/${booking.id}`;
  if (wanted === "checkIn") return perform(`${where}/check-in`, {}).then((answer) => (answer.ok ? showTicket(answer.data, name(booking.service_name)) : answer.detail && report(answer.detail)));
  if (wanted === "contact") return put(contactQuestion(booking, facts), booking, `${where}/contact`, (contact) => question.ask(contactShown(booking, contact, facts)));
  if (wanted === "cancel") return put(cancelQuestion(booking, facts), booking, `${where}/cancel`, () => report(_("Called off: %(booking)s.", { booking: whichBooking(booking, facts) }), "done"));
  if (wanted === "tell") return put(tellQuestion(booking, facts), booking, `${path}/booking-conflicts/notice`, toldSo);
  const asking = moveQuestion(booking, facts);
  return put(asking, booking, `${where}/move`, (moved) => report(_("Moved: %(booking)s.", { booking: whichBooking(moved, facts) }), "done"), (answer, body) => {
    if (answer.code !== "slot_taken") return answer.detail;
    asking.offer(answer, body.at);
    return null;
  });
}

function tellAll() {
  if (ready()) put(tellAllQuestion(conflicts.bookings, facts), null, `${path}/booking-conflicts/notice`, toldSo);
}

function toldSo({ told, unreachable }) {
  report(_("Messages on their way: %(told)s. Without a contact: %(silent)s.", { told, silent: unreachable.length }), "done");
}

/**
 * Ask, then do: the dialog stays open while the command goes and shows a refusal inside.
 * @param {(answer: any, body: any) => string|null} [refused] what to say; null when it is said already
 */
function put(asking, booking, where, done, refused = (answer) => answer.detail) {
  const known = () => [...list.bookings, ...conflicts.bookings].find((one) => one.id === booking.id);
  const stands = () => !booking || known()?.state === booking.state;
  question.ask({ ...asking, stands, gone: booking ? _("The booking is another by now. Nothing was done.") : "" }, async (body) => {
    const answer = await perform(where, body);
    if (answer.ok) done(answer.data);
    return answer.ok || answer.detail === null ? answer.detail : refused(answer, body);
  });
  draw();
}

/** The number of whoever has just come, large; it can be printed by those who may. */
function showTicket(ticket, serviceName = "") {
  report(_("Checked in: ticket %(number)s.", { number: ticket.number }), "done");
  question.ask(checkedIn(ticket, serviceName, facts), async () => {
    printSlip(ticket.id);
    return "";
  });
  draw();
}

function printSlip(ticket) {
  const opened = window.open(`/hall/${office}/slip/${ticket}?print=1`, `slip-${ticket}`, "popup,width=420,height=760");
  if (!opened) report(_("The browser did not open the slip. Allow windows for this page or press “Print the slip”."));
}

/** The sheet for a caller, with what can be booked now. */
async function askCaller() {
  if (!ready() || question.open || caller.open) return;
  await learnRules();
  if (rules && ready()) caller.ask(rules);
  draw();
}

async function learnRules() {
  const answer = await ask(`${path}/booking-rules`);
  rules = answer.ok ? answer.data : null;
  if (!answer.ok) report(answer.code === "no_booking" ? _("This office takes no bookings.") : answer.detail);
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
  await refresh();
  busy = false;
  restUntil = Date.now() + REST_MS;
  setTimeout(draw, REST_MS + 10);
  draw();
  return { detail: "", ...answer };
}

function showContact() {
  contactBand(byId("contact"), online(), timeHere(seenAt || Date.now()));
  draw();
}

const KEYS = {
  KeyN: () => mayManage && askCaller(),
  KeyC: () => comer?.focus(),
  Digit0: () => days.today(),
  BracketLeft: () => days.step(-1),
  BracketRight: () => days.step(1),
};

document.addEventListener("keydown", (event) => {
  if (question.open) question.press(event);
  else if (caller.open) caller.press(event);
  else if (list && !event.repeat && !chorded(event) && !typing(event)) {
    const known = KEYS[event.code.replace("Numpad", "Digit")];
    if (known) known();
    if (known || panel.press(event)) event.preventDefault();
  }
});

await Promise.all([refresh(), mayManage ? learnRules() : null]);
draw();
setInterval(() => busy || refresh(), REFRESH_MS);
followNews({
  rooms: [`bookings:${office}`],
  onState: gather,
  onLink: (up) => {
    if (up && !linked) gather();
    linked = up;
    showContact();
  },
  onRefused: (_room, problem) => report(problem.detail),
});
