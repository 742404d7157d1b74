// The board's words in all languages at once: an office prints its languages together, nothing has to rotate.
import { _, loadWords } from "/shared/words.js";

/** @typedef {"ru"|"kk"|"en"} Language */
/** @typedef {{language: Language, text: string}[]} Texts one text per language, in the office's order */

/** Load the three catalogues. @returns {Promise<(languages: Language[], key: string, values?: object) => Texts>} */
export async function loadBoardWords() {
  const catalogues = {};
  for (const language of ["en", "kk", "ru"]) {
    await loadWords("display", language);
    catalogues[language] = words();
  }
  return (languages, key, values = {}) =>
    distinct(languages.map((language) => ({ language, text: fill(catalogues[language][key], values) })));
}

/** A name of the company's data in the office's languages. @returns {Texts} */
export function names(languages, data) {
  return distinct(languages.filter((language) => data?.[language]).map((language) => ({ language, text: data[language] })));
}

// Placeholders stay in the text until `fill`: the values come with each state.
function words() {
  return {
    window: _("window"),
    room: _("room"),
    counter: _("counter"),
    next: _("Next"),
    nobodyWaits: _("Nobody is waiting"),
    nobodyCalled: _("Please wait to be called"),
    closed: _("There is no reception now"),
    waitNow: _("Waiting time now"),
    minutes: _("min"),
    waiting: _("In the queue: %(count)s"),
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

/** The same word in two languages («кабинет») is printed once. */
function distinct(texts) {
  return texts.filter(({ text }, index) => texts.findIndex((other) => other.text === text) === index);
}
