// Choosing one of a few in one key press: radios with digits; nothing is chosen beforehand unless told.
import { el } from "/shared/draw.js";
import { chorded, digitOf } from "./acts.js";

/**
 * @param {object} options
 * @param {string} options.legend
 * @param {{value: string, words: string, sign?: string}[]} options.choices the first nine have the digits 1–9 unless told
 * @param {string} options.missing what to say when nothing is chosen
 * @param {Node[]} [options.after] what stands in the grid after the choices
 * @param {(radio: HTMLInputElement) => void} [options.onDigit] where to go after a digit; to the radio unless told
 */
export function digitChoice({ legend, choices, missing, after = [], onDigit = (radio) => radio.focus() }) {
  const radios = choices.map(({ value }) => el("input", { type: "radio", name: "choice", value }));
  const signs = choices.map(({ sign }, index) => sign ?? (index < 9 ? String(index + 1) : ""));
  const fault = el("p", { class: "problem", id: "choice-fault", role: "alert", hidden: true });
  const labels = radios.map((radio, index) => {
    const sign = signs[index] && el("kbd", { "aria-hidden": "true" }, signs[index]);
    return el("label", { class: "choice" }, radio, el("span", {}, choices[index].words), sign);
  });
  const element = el("fieldset", {}, el("legend", {}, legend), el("div", { class: "choices two" }, labels, after), fault);
  element.addEventListener("change", () => say(""));

  function say(words) {
    fault.textContent = words;
    fault.hidden = !words;
    for (const field of element.querySelectorAll("input")) {
      if (words) field.setAttribute("aria-describedby", fault.id);
      else field.removeAttribute("aria-describedby");
    }
  }

  return {
    element,
    radios,
    labels,
    /** Say what is missing; empty takes the words away. */
    say,
    choose(radio) {
      radio.checked = true;
      say("");
    },
    /** The chosen value; null, having said so, when nothing is chosen. */
    read() {
      const chosen = radios.find((radio) => radio.checked);
      if (chosen) return chosen.value;
      say(missing);
      radios[0].focus();
      return null;
    },
    onKey(event) {
      const radio = radios[signs.indexOf(digitOf(event) || null)];
      if (!radio || event.target.matches("input[type=text], textarea") || chorded(event) || event.shiftKey) return;
      event.preventDefault();
      this.choose(radio);
      onDigit(radio);
    },
  };
}
