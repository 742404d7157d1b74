// A keyboard on the screen, in the letters of each language.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { icon } from "./frame.js";

const RUSSIAN = ["йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю"];
const ROWS = {
  ru: RUSSIAN,
  kk: ["әіңғүұқөһ", ...RUSSIAN],
  en: ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
};

/** A touched key leaves the focus where it is: Enter of a keypad must not press it again. */
const keepFocus = (event) => event.preventDefault();

/** @param {"ru"|"kk"|"en"} language @param {(key: string) => void} onKey a letter, " ", "Backspace" or "Delete" (all) */
export function letterKeys(language, onKey) {
  const key = (letter) => el("button", { class: "key", onclick: () => onKey(letter) }, letter);
  const wide = (what, ...content) =>
    el("button", { class: "key wide", "data-key": what, onclick: () => onKey(what) }, ...content);
  const rows = (ROWS[language] ?? RUSSIAN).map((row) => el("div", { class: "keys-row" }, [...row].map(key)));
  rows.push(
    el(
      "div",
      { class: "keys-row" },
      wide("Delete", _("Erase all")),
      wide(" ", _("Space")),
      wide("Backspace", icon("erase"), _("Erase")),
    ),
  );
  return el("div", { class: "keys", role: "group", "aria-label": _("Keyboard"), onmousedown: keepFocus }, rows);
}

/** Digits as on a telephone. @param {(key: string) => void} onKey a digit, "Backspace" or "Delete" (all) */
export function digitKeys(onKey) {
  const key = (digit) => el("button", { class: "key", onclick: () => onKey(digit) }, digit);
  const word = (what, text) => el("button", { class: "key word", "data-key": what, onclick: () => onKey(what) }, text);
  return el(
    "div",
    { class: "keys digits", role: "group", "aria-label": _("Digits"), onmousedown: keepFocus },
    [..."123456789"].map(key),
    word("Delete", _("Erase all")),
    key("0"),
    word("Backspace", _("Erase")),
  );
}

/** The text after one more key. @param {string} text @param {string} key */
export function typed(text, key) {
  if (key === "Backspace") return text.slice(0, -1);
  if (key === "Delete") return "";
  return text + key;
}
