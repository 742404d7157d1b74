// Choosing a reason in one key press, or writing one's own; the reason is logged, so none is chosen beforehand.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { chorded } from "./acts.js";

/** The longest reason the server takes, in characters. */
export const LONGEST_REASON = 200;

/**
 * @param {string[]} reasons ready ones; "Other" with a text field comes after them
 * @returns {{element: HTMLElement, read: () => string|null, onKey: (event: KeyboardEvent) => void}}
 *   `read` answers null and says what is missing when there is no reason yet
 */
export function reasonChoice(reasons) {
  const radios = reasons.map((text) => radio(text));
  const other = radio("");
  const own = _("Reason in your own words");
  const text = el("input", { type: "text", maxlength: LONGEST_REASON, placeholder: own, "aria-label": own });
  const fault = el("p", { class: "problem", id: "reason-fault", role: "alert", hidden: true });
  const choices = [...radios, other];
  const otherLabel = label(other, _("Other"), choices.length);
  const element = el(
    "fieldset",
    {},
    el("legend", {}, _("Reason")),
    el("div", { class: "choices two" }, radios.map((made, index) => label(made, reasons[index], index + 1)), otherLabel, text),
    fault,
  );
  text.addEventListener("input", () => choose(other));
  // A pointer goes on to the text; arrows among the choices (their clicks have no detail) stay there.
  otherLabel.addEventListener("click", (event) => {
    if (!event.detail) return;
    if (event.target !== other) event.preventDefault();
    choose(other);
    text.focus();
  });
  element.addEventListener("change", () => missing(""));

  function choose(made) {
    made.checked = true;
    missing("");
  }

  function missing(words) {
    fault.textContent = words;
    fault.hidden = !words;
    for (const field of [...choices, text]) {
      if (words) field.setAttribute("aria-describedby", fault.id);
      else field.removeAttribute("aria-describedby");
    }
  }

  return {
    element,
    read() {
      const chosen = choices.find((made) => made.checked);
      const reason = chosen === other ? text.value.trim() : chosen?.value;
      if (reason) return reason;
      missing(chosen ? _("Write the reason.") : _("Choose the reason."));
      (chosen ? text : radios[0]).focus();
      return null;
    },
    onKey(event) {
      const made = choices[Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]) - 1];
      if (!made || event.target === text || chorded(event) || event.shiftKey) return;
      event.preventDefault();
      choose(made);
      (made === other ? text : made).focus();
    },
  };
}

function radio(value) {
  return el("input", { type: "radio", name: "reason", value });
}

function label(made, words, sign) {
  return el("label", { class: "choice" }, made, el("span", {}, words), el("kbd", { "aria-hidden": "true" }, String(sign)));
}
