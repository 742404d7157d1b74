// What a board's state leaves out when it comes from an older server or was kept by an older program. Pure.

const DEFAULTS = {
  board: "",
  title: {},
  layout: "side",
  rows: 8,
  turn_seconds: 0,
  highlight_seconds: 12,
  shown_seconds: 20,
  parts: ["next", "expected", "wait", "clock", "line", "slides"],
  slides: [],
  expected: [],
  running_line: {},
  reception_note: {},
};

const VOICE = { mode: "voice", repeats: 0, repeat_after_seconds: 8, volume: 100, hours: [], limit_seconds: 60 };

/** @param {any} state BoardView as it came @returns {any} BoardView with every field the page reads */
export function completed(state) {
  return { ...DEFAULTS, ...state, voice: { languages: state.languages, ...VOICE, ...state.voice } };
}
