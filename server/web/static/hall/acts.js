// What the hall administrator may do with a visitor of each list and with a desk, and each act's key. No drawing.
import { _ } from "/shared/words.js";

/** Every act on a visitor: its command (none: it sends nothing), its key by place on the keyboard, the key's sign. */
export const ACTS = {
  raise: { path: "raise", code: "KeyU", sign: "U", words: () => _("Raise") },
  move: { path: "move", code: "KeyM", sign: "M", words: () => _("Move") },
  annul: { path: "annul", code: "KeyA", sign: "A", words: () => _("Annul") },
  return: { path: "return", code: "KeyW", sign: "W", words: () => _("Back to the queue") },
  restore: { path: "restore", code: "KeyW", sign: "W", words: () => _("Restore") },
  paper: { path: "print", code: "KeyT", sign: "T", words: () => _("Print at the terminal") },
  print: { path: null, code: "KeyP", sign: "P", words: () => _("Print the slip") },
};

/** The acts of each list, the first is the likeliest. */
export const ACTS_OF_LIST = {
  waiting: ["raise", "move", "annul", "print", "paper"],
  held: ["return", "move", "annul", "print", "paper"],
  missed: ["restore"],
};

/** Closing a desk for a colleague. */
export const CLOSE = { code: "KeyC", sign: "C" };

/** Whether the state allows an act: who was raised, or is the first anyway, need not be raised. @param {any} ticket */
export function allowed(act, ticket) {
  return act !== "raise" || (ticket.reason !== "raised" && ticket.place !== 1);
}

/** Whether a key press belongs to the browser or the system. */
export function chorded(event) {
  return event.ctrlKey || event.altKey || event.metaKey;
}

/** Whether the press goes into a field: then it is text and no act. */
export function typing(event) {
  return Boolean(event.target?.closest?.("input, select, textarea"));
}
