// The board's words in all languages at once: together on the screen, or each in its turn.
import { el } from "/shared/draw.js";
import { _, loadWords } from "/shared/words.js";

/** @typedef {"ru"|"kk"|"en"} Language */
/**
 * @typedef {{languages: Language[], byTurns: boolean}} Tongue how the board speaks
 * @typedef {{language: Language, text: string, turn?: Language}[]} Texts
 *   Together: one text per language in the office's order, equal ones once. By turns: one for every turn.
 */

/** Load the three catalogues. @returns {Promise<(tongue: Tongue, key: string, values?: object) => Texts>} */
export async function loadBoardWords() {
  const catalogues = {};
  for (const language of ["en", "kk", "ru"]) {
    await loadWords("display", language);
    catalogues[language] = words();
  }
  return (tongue, key, values = {}) => texts(tongue, (language) => fill(catalogues[language][key], values));
}

/** A name of the company's data in the office's languages, else in one it has. @param {Tongue} tongue @returns {Texts} */
export function names(tongue, data) {
  const found = texts(tongue, (language) => data?.[language]);
  const [language] = Object.keys(data ?? {});
  return found.length || !language ? found : [{ language, text: data[language] }];
}

/**
 * Each text in an element of its own language. Those of the turns lie one over the other, and the style
 * sheet shows the one whose turn it is: nothing moves when the language changes.
 * @param {Texts} texts
 */
export function spans(texts) {
  return texts.map(({ language, text, turn }) => el("span", { lang: language, dataset: turn ? { turn } : {} }, text));
}

function texts({ languages, byTurns }, textIn) {
  const there = languages.filter(textIn).map((language) => ({ language, text: textIn(language) }));
  if (!byTurns) return there.filter(({ text }, index) => there.findIndex((other) => other.text === text) === index);
  if (there.length === 0) return [];
  return languages.map((turn) => ({ ...(there.find(({ language }) => language === turn) ?? there[0]), turn }));
}

// Placeholders stay in the text until `fill`: the values come with each state.
function words() {
  return {
    window: _("window"),
    room: _("room"),
    counter: _("counter"),
    next: _("Next"),
    left: _("on the left"),
    right: _("on the right"),
    up: _("above"),
    down: _("below"),
    nobodyWaits: _("Nobody is waiting"),
    nobodyCalled: _("Please wait to be called"),
    closed: _("There is no reception now"),
    waitNow: _("Waiting time now"),
    minutes: _("min"),
    waiting: _("In the queue: %(count)s"),
    expected: _("Expected wait by service, min"),
    expectedShort: _("Wait, min"), // beside other languages
    connecting: _("The board is connecting to the server…"),
    neverConnected: _("No contact with the server. The board will come back by itself."),
    lost: _("No contact, shown as of %(time)s"),
    noToken: _("This board has no key. Open the whole link from the start page or the settings."),
    sound: _("Turn the sound on"),
    demonstration: _("Demonstration: people and figures are made up"),
  };
}

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
