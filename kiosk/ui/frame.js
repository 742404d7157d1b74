// What stands around every screen: the demonstration band, languages, tools for comfort.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { isOn, toggle } from "./access.js";

/** Languages in their own words: never translated. */
const OWN_NAMES = { ru: "Русский", kk: "Қазақша", en: "English" };

/** A sign of the icon set; it says nothing by itself. */
export function icon(sign) {
  return el("span", { class: `icon icon-${sign}`, "aria-hidden": "true" });
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

/** @param {HTMLElement} place @param {() => void} onChange */
export function drawTools(place, onChange) {
  place.setAttribute("aria-label", _("Screen comfort"));
  const tools = [
    ["large", "text", _("Larger text")],
    ["contrast", "contrast", _("Contrast")],
    ["low", "low", _("Lower down")],
  ];
  redraw(place, tools.map(([what, , text]) => [text, isOn(what)]), () =>
    place.replaceChildren(
      ...tools.map(([what, sign, text]) =>
        el(
          "button",
          {
            "data-key": what,
            "aria-pressed": String(isOn(what)),
            onclick: () => {
              toggle(what);
              onChange();
            },
          },
          icon(sign),
          text,
        ),
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
