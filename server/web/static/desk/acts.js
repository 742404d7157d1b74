// Which act is the main one in each state of the desk, which others are allowed, and each act's key. No drawing.
import { _ } from "/shared/words.js";

/** Every act: its command, its key (by place on the keyboard, so any layout works) and the key's sign. */
export const ACTS = {
  open: { path: "open", words: () => _("Open the desk") },
  resume: { path: "open", words: () => _("Back to work") },
  callNext: { path: "call-next", words: () => _("Call the next visitor") },
  start: { path: "start", words: () => _("Start service") },
  finish: { path: "finish", words: () => _("Finish service") },
  recall: { path: "recall", code: "KeyR", sign: "R", words: () => _("Call again") },
  noShow: { path: "no-show", code: "KeyN", sign: "N", words: () => _("Did not come") },
  hold: { path: "hold", code: "KeyH", sign: "H", words: () => _("Put aside") },
  break: { path: "break", code: "KeyB", sign: "B", words: () => _("Break") },
  close: { path: "close", code: "KeyC", sign: "C", words: () => _("Close the desk") },
  callOutOfTurn: { path: "call", code: "Enter", sign: "Enter", words: () => _("Call out of turn") },
  callHeld: { path: "call", code: "Enter", sign: "Enter", words: () => _("Call") },
  giveBack: { path: "return", code: "KeyW", sign: "W", words: () => _("Back to the queue") },
  restore: { path: "restore", code: "Enter", sign: "Enter", words: () => _("Restore") },
};

/** The main button's key. */
export const MAIN = { code: "F2", sign: "F2" };

/** The smaller acts, always in the same places. */
export const SMALLER = ["recall", "noShow", "hold", "break", "close"];

/**
 * The act of the big button. @param {any} view DeskView
 * @returns {{act: keyof ACTS, allowed: boolean}}
 */
export function mainAct(view) {
  if (view.current?.state === "serving") return { act: "finish", allowed: true };
  if (view.current?.state === "called") return { act: "start", allowed: true };
  if (view.state === "closed") return { act: "open", allowed: true };
  if (view.state === "break") return { act: "resume", allowed: true };
  return { act: "callNext", allowed: view.mine.length > 0 };
}

/** Which smaller acts the state allows. @param {any} view DeskView @returns {Set<string>} */
export function allowedSmaller(view) {
  if (view.current?.state === "called") return new Set(["recall", "noShow", "hold"]);
  if (view.current) return new Set(["hold"]);
  if (view.state === "open") return new Set(["break", "close"]);
  if (view.state === "break") return new Set(["close"]);
  return new Set();
}

/**
 * Whether the state allows an act on a visitor of the lists: a call needs a free desk, the others an open one.
 * @param {"callOutOfTurn"|"callHeld"|"giveBack"|"restore"} act
 * @param {any} view DeskView
 * @param {any} ticket TicketView
 */
export function allowedOnRow(act, view, ticket) {
  if (view.state !== "open") return false;
  if (act === "callOutOfTurn") return !view.current && view.mine.includes(ticket.id);
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
  return SMALLER.find((act) => ACTS[act].code === event.code && allowed.has(act)) ?? null;
}

/** Whether the press belongs to the browser or the system. */
export function chorded(event) {
  return event.ctrlKey || event.altKey || event.metaKey;
}

function nothingFocused(event) {
  return !event.target?.closest?.("button, a, input, select, textarea, summary, [tabindex='0']");
}
