// What stands around every screen: the demonstration band, languages, tools for comfort, the way to a person.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { change, isOn, textSize } from "./access.js";

/** Languages in their own words: never translated. */
const OWN_NAMES = { ru: "Русский", kk: "Қазақша", en: "English" };

/** A sign of the icon set; it says nothing by itself. */
export function icon(name) {
  return el("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
}

/** A picture of icons/ that the company chose for a service or a group. */
export function sign(picture) {
  const made = el("span", { class: "sign", "aria-hidden": "true" });
  if (/^[a-z0-9-]+$/.test(picture)) made.style.maskImage = `url("/ui/icons/${picture}.svg")`;
  return made;
}

/** The sign of a whole screen, large above its title. */
export function emblem(name) {
  return el("span", { class: `icon icon-${name} emblem`, "aria-hidden": "true" });
}

/** The picture of a service, large above its name; nothing where it has none. @param {string | null} [picture] */
export function bigSign(picture) {
  if (!picture) return null;
  const made = sign(picture);
  made.classList.add("emblem");
  return made;
}

/** Say that this is a demonstration, or what else the office wants known about its reception. */
export function drawBand(band, office) {
  let text = name(office?.reception_note);
  if (!text && office?.demonstration) {
    const always = office.reception === "always_open";
    text = always ? _("Demonstration: open around the clock") : _("Demonstration");
  }
  band.textContent = text;
  band.hidden = !text;
}

/** A quiet word that the queue is out of reach and tickets are given all the same. */
export function drawOffline(place, state) {
  const text = _("No contact with the queue: tickets are given as usual");
  place.hidden = !state?.offline;
  redraw(place, [text], () => place.replaceChildren(icon("offline"), text));
}

/** A ticket hangs in the printer's mouth: somebody's who left, or of the one who stands here. */
export function drawMouth(place, hangs) {
  const text = _("There is a ticket in the printer: take it if it is yours");
  place.hidden = !hangs;
  redraw(place, [text], () => place.replaceChildren(icon("print"), text));
}

/** @param {HTMLElement} place @param {string[]} languages @param {(language: string) => void} onChoose */
export function drawLanguages(place, languages, current, onChoose) {
  place.setAttribute("aria-label", _("Language"));
  place.hidden = languages.length < 2;
  redraw(place, [languages, current, _("Language")], () =>
    place.replaceChildren(
      ...languages.map((language) =>
        el(
          "button",
          {
            lang: language,
            "data-key": language,
            "aria-pressed": String(language === current),
            onclick: () => onChoose(language),
          },
          OWN_NAMES[language] ?? language,
        ),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {() => void} options.onChange the comfort changed
 * @param {() => void} options.onHelp play or stop the help by voice
 * @param {boolean} options.hasHelp @param {boolean} options.playing
 * @param {() => void} options.onStaff
 */
export function drawTools(place, { onChange, onHelp, hasHelp, playing, onStaff }) {
  place.setAttribute("aria-label", _("Screen comfort and help"));
  const size = textSize() > 100 ? _("Text %(n)s percent", { n: textSize() }) : _("Larger text");
  const comfort = (what) => () => {
    change(what);
    onChange();
  };
  const tools = [
    ["size", "text", size, isOn("size"), comfort("size")],
    ["contrast", "contrast", _("Contrast"), isOn("contrast"), comfort("contrast")],
    ["low", "low", _("Lower down"), isOn("low"), comfort("low")],
    hasHelp && ["listen", playing ? "stop" : "listen", playing ? _("Stop") : _("Listen"), playing, onHelp],
    ["staff", "staff", _("Call the administrator"), null, onStaff],
  ].filter(Boolean);
  redraw(place, tools.map(([, sign, text, on]) => [sign, text, on]), () =>
    place.replaceChildren(
      ...tools.map(([what, sign, text, on, onclick]) =>
        el("button", { "data-key": what, "aria-pressed": on === null ? null : String(on), onclick }, icon(sign), text),
      ),
    ),
  );
}

/**
 * Draw anew only what changed, so that a button stays under the finger that presses it,
 * and leave the keyboard where it was.
 */
function redraw(place, facts, draw) {
  const drawn = JSON.stringify(facts);
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (key) place.querySelector(`[data-key="${key}"]`)?.focus();
}
