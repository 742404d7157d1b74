// Which act is the main one in each state of the desk, which others are allowed, and each act's key. No drawing.
import { _ } from "/shared/words.js";

/**
 * Every act: its command, its key (by place on the keyboard, so any layout works) and the key's sign.
 * `visitor`: the command names the visitor at the desk, so that a stale screen never acts on another.
 */
export const ACTS = {
  open: { path: "open", words: () => _("Open the desk") },
  resume: { path: "open", words: () => _("Back to work") },
  callNext: { path: "call-next", words: () => _("Call the next visitor") },
  start: { path: "start", visitor: true, words: () => _("Start service") },
  finish: { path: "finish", visitor: true, words: (view) => (callsByItself(view) ? _("Finish and call the next") : _("Finish service")) },
  recall: { path: "recall", visitor: true, code: "KeyR", sign: "R", words: () => _("Call again") },
  noShow: { path: "no-show", visitor: true, code: "KeyN", sign: "N", words: () => _("Did not come") },
  giveBack: { path: "give-back", visitor: true, code: "KeyG", sign: "G", words: () => _("Back to the queue") },
  hold: { path: "hold", visitor: true, code: "KeyH", sign: "H", words: () => _("Put aside") },
  transfer: { path: "transfer", visitor: true, code: "KeyT", sign: "T", words: () => _("Send on") },
  note: { path: "note", visitor: true, code: "KeyA", sign: "A", words: () => _("Add a note") },
  withoutTicket: { path: "serve-without-ticket", code: "KeyS", sign: "S", words: () => _("Serve without a ticket") },
  break: { path: "break", code: "KeyB", sign: "B", words: () => _("Break") },
  breakAfter: { path: "break", code: "KeyB", sign: "B", words: () => _("Break after this") },
  workOn: { path: "open", code: "KeyB", sign: "B", words: () => _("No break after all") },
  close: { path: "close", code: "KeyC", sign: "C", words: () => _("Close the desk") },
  callOutOfTurn: { path: "call", code: "Enter", sign: "Enter", words: () => _("Call out of turn") },
  callHeld: { path: "call", code: "Enter", sign: "Enter", words: () => _("Call") },
  returnHeld: { path: "return", code: "KeyW", sign: "W", words: () => _("Back to the queue") },
  restore: { path: "restore", code: "Enter", sign: "Enter", words: () => _("Restore") },
};

/** The main button's key. */
export const MAIN = { code: "F2", sign: "F2" };

/** The smaller buttons, always in the same places; where a place has several acts, the state chooses. */
export const PLACES = [
  ["recall"],
  ["noShow"],
  ["giveBack"],
  ["break", "breakAfter", "workOn"],
  ["hold"],
  ["transfer"],
  ["note"],
  ["close"],
];

const BY_KEY = [...PLACES.flat(), "withoutTicket"];

/**
 * The act of the big button. @param {any} view DeskView
 * @returns {{act: keyof ACTS, allowed: boolean}}
 */
export function mainAct(view) {
  if (isServed(view)) return { act: "finish", allowed: true };
  if (view.current?.state === "called") return { act: "start", allowed: true };
  if (view.state === "closed") return { act: "open", allowed: true };
  if (view.state === "break") return { act: "resume", allowed: true };
  return { act: "callNext", allowed: view.mine.length > 0 };
}

/** Whether the visitor at the desk is being served; without a start button, from the call on. @param {any} view DeskView */
export function isServed({ current, start_button: startButton }) {
  return current?.state === "serving" || (current?.state === "called" && !startButton);
}

/** Which smaller acts the state allows. @param {any} view DeskView @returns {Set<string>} */
export function allowedSmaller(view) {
  if (view.current) {
    const acts = ["hold", "transfer", "note", view.break_due ? "workOn" : "breakAfter"];
    return new Set(view.current.state === "called" ? ["recall", "noShow", "giveBack", ...acts] : acts);
  }
  if (view.state === "open") return new Set(["withoutTicket", "break", "close"]);
  if (view.state === "break") return new Set(["close"]);
  return new Set();
}

/**
 * Whether the state allows an act on a visitor of the lists: a call needs a free desk, the others an open one.
 * @param {"callOutOfTurn"|"callHeld"|"returnHeld"|"restore"} act
 * @param {any} view DeskView
 * @param {any} ticket TicketView
 */
export function allowedOnRow(act, view, ticket) {
  if (view.state !== "open") return false;
  if (act === "callOutOfTurn") return !view.current && view.services.includes(ticket.service);
  return act !== "callHeld" || !view.current;
}

/** The act a key press means now, or null. Keys are read by place: Cyrillic layouts work the same. */
export function actOfKey(event, view) {
  if (event.repeat || chorded(event)) return null;
  if (event.code === MAIN.code || (event.code === "Space" && nothingFocused(event))) {
    const { act, allowed } = mainAct(view);
    return allowed ? act : null;
  }
  const allowed = allowedSmaller(view);
  return BY_KEY.find((act) => ACTS[act].code === event.code && allowed.has(act)) ?? null;
}

/** Whether the press belongs to the browser or the system. */
export function chorded(event) {
  return event.ctrlKey || event.altKey || event.metaKey;
}

/** The digit 0–9 that a key stands for, as text; empty for other keys. */
export function digitOf(event) {
  return /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? "";
}

function callsByItself(view) {
  return view?.auto_call && !view.break_due && view.mine.length > 0;
}

function nothingFocused(event) {
  return !event.target?.closest?.("button, a, input, select, textarea, summary, [tabindex='0']");
}
