// Words of a page in the visitor's language, from the gettext catalogues exported by `server.words`.
// The message id is the English text; a page marks its strings with _() and ngettext().

let catalogue = {};
let plurals = new Intl.PluralRules("en");
let language = "en";

/** Where each CLDR plural category stands in the catalogue's list of forms. */
const FORM = { ru: { one: 0, few: 1, many: 2, other: 2 }, kk: { one: 0, other: 0 }, en: { one: 0, other: 1 } };

/**
 * Load the words of one page. A missing catalogue leaves the English ids in place.
 * @param {"kiosk"|"display"|"rating"|"web"} domain
 * @param {"ru"|"kk"|"en"} wanted
 */
export async function loadWords(domain, wanted) {
  let loaded = {};
  if (wanted !== "en") {
    const answer = await fetch(new URL(`./words/${domain}.${wanted}.json`, import.meta.url));
    if (answer.ok) loaded = await answer.json();
  }
  catalogue = loaded;
  language = wanted;
  plurals = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
}

/** The language loaded last. */
export function currentLanguage() {
  return language;
}

/** @param {string} text @param {Record<string, string|number>} [values] fills %(name)s */
export function _(text, values = {}) {
  const found = catalogue[text];
  return fill(typeof found === "string" ? found : text, values);
}

/** Plural by the language's own rule; %(n)s is the number itself. */
export function ngettext(singular, plural, n, values = {}) {
  const forms = catalogue[singular] ?? [singular, plural];
  const index = (FORM[language] ?? FORM.en)[plurals.select(n)] ?? forms.length - 1;
  return fill(forms[Math.min(index, forms.length - 1)], { n, ...values });
}

/** A name of the company's data ({ru, kk, en}) in the current language, Russian where it is missing. */
export function name(names) {
  return names?.[language] || names?.ru || Object.values(names ?? {})[0] || "";
}

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
