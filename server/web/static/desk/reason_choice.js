// Choosing a reason of the company's list, or writing one's own; the reason is logged, so none is chosen beforehand.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { digitChoice } from "./choice.js";

/**
 * @param {{code: string, name: Record<string, string>}[]} reasons of the company; "Other" with a text field comes after them
 * @param {number} longest the longest own words the server takes, in characters
 * @returns {{element: HTMLElement, read: () => string|null, onKey: (event: KeyboardEvent) => void}}
 *   `read` answers a code or own words; null, having said what is missing, when there is no reason yet
 */
export function reasonChoice(reasons, longest = 200) {
  const own = _("Reason in your own words");
  const text = el("input", { type: "text", maxlength: longest, placeholder: own, "aria-label": own });
  const choice = digitChoice({
    legend: _("Reason"),
    choices: [...reasons.map((reason) => ({ value: reason.code, words: name(reason.name) })), { value: "", words: _("Other") }],
    missing: _("Choose the reason."),
    after: [text],
    onDigit: (radio) => (radio === other ? text : radio).focus(),
  });
  const other = choice.radios.at(-1);
  text.addEventListener("input", () => choice.choose(other));
  // A pointer goes on to the text; arrows among the choices (their clicks have no detail) stay there.
  choice.labels.at(-1).addEventListener("click", (event) => {
    if (!event.detail) return;
    if (event.target !== other) event.preventDefault();
    choice.choose(other);
    text.focus();
  });

  return {
    element: choice.element,
    read() {
      const chosen = choice.read();
      if (chosen !== "") return chosen;
      const words = text.value.trim();
      if (words) return words;
      choice.say(_("Write the reason."));
      text.focus();
      return null;
    },
    onKey: (event) => choice.onKey(event),
  };
}
