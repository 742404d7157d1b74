// All keys of the console in one dialog, read from the table of acts.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { ACTS, MAIN, PLACES } from "./acts.js";

/** The key that shows all keys. */
export const HELP = { code: "F1", sign: "F1" };

/** @returns {import("./question.js").Question} */
export function helpQuestion() {
  const keys = (acts) => acts.map((act) => [ACTS[act].sign, ACTS[act].words()]);
  const breaks = ["break", "breakAfter", "workOn"].map((act) => ACTS[act].words()).join(" / ");
  const groups = [
    [_("The main button"), [[[MAIN.sign, _("Space")].join(", "), _("what it says: call, start, finish")]]],
    [_("Visitor now"), keys(PLACES.flat().filter((act) => ACTS[act].visitor))],
    [_("Desk"), [...keys(["withoutTicket"]), [ACTS.break.sign, breaks], ...keys(["close"])]],
    [
      _("Lists of visitors"),
      [
        ["1, 2, 3", _("queue, put aside, no-shows")],
        ["M", _("for this desk or all")],
        ["F", _("filter by service")],
        ["↑ ↓", _("move along the rows")],
        ["Enter", _("call or restore the one in the row")],
        ["W", _("put aside: back to the queue")],
      ],
    ],
    [
      _("In a dialog"),
      [
        ["1–9", _("choose")],
        ["Enter", _("confirm")],
        ["Esc", _("go back, nothing is done")],
      ],
    ],
    [
      _("The page"),
      [
        ["L", _("all alerts")],
        ["U", _("sound on or off")],
        [`${HELP.sign}, ?`, _("this help")],
      ],
    ],
  ];
  return { title: _("Keys"), wide: true, code: HELP.code, content: [el("div", { class: "keys" }, groups.map(group))] };
}

/** Whether a press asks for the help. */
export function asksHelp(event) {
  return event.code === HELP.code || event.key === "?";
}

function group([title, keys]) {
  const row = ([sign, words]) => el("div", { class: "key-row" }, el("dt", {}, el("kbd", {}, sign)), el("dd", {}, words));
  return el("section", {}, el("h3", {}, title), el("dl", {}, keys.map(row)));
}
