// The console's one dialog: a question that holds only while what it asks about is still so.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { enable, rests } from "./button.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {(Node|string)[]} content
 * @property {string} words of the button that says yes
 * @property {string} [sign] that button's key, Enter unless told
 * @property {string} [code] a key that says yes from anywhere in the dialog
 * @property {() => any} read the answer; null keeps the dialog open (the content says what is missing)
 * @property {() => boolean} stands whether there is still somebody to ask about
 * @property {string} gone what to say when there is not
 * @property {(event: KeyboardEvent) => void} [onKey]
 */

/**
 * @param {HTMLDialogElement} dialog
 * @param {{onGone: (text: string) => void}} options
 */
export function questionBox(dialog, { onGone }) {
  /** @type {Question | null} */
  let question = null;
  let yes = null;
  let settle = () => {};
  // The event comes late: by then the dialog may be open again with another question.
  dialog.addEventListener("close", () => dialog.open || settle(null));

  return {
    get open() {
      return dialog.open;
    },
    /** Ask; null when the operator went back or the question has lost its subject. @param {Question} asked @returns {Promise<any>} */
    ask(asked) {
      settle(null);
      question = asked;
      yes = el("button", { class: "primary", value: "yes" }, el("span", {}, asked.words), key(asked.sign ?? "Enter"));
      const no = el("button", { value: "no", formnovalidate: true }, el("span", {}, _("Back")), key("Esc"));
      const form = el("form", { method: "dialog", novalidate: true, autocomplete: "off" });
      form.append(el("h2", { id: "question-title" }, asked.title), ...asked.content, el("div", { class: "acts" }, yes, no));
      form.addEventListener("submit", (event) => {
        if (event.submitter === no) return;
        const answer = rests(yes) ? null : asked.read();
        if (answer === null) event.preventDefault();
        else settle(answer);
      });
      dialog.replaceChildren(form);
      dialog.setAttribute("aria-labelledby", "question-title");
      dialog.showModal();
      return new Promise((done) => {
        settle = (answer) => {
          question = null;
          settle = () => {};
          done(answer);
        };
      });
    },
    /** Keep the question true: the yes rests with the other buttons, and a question without a subject closes. */
    check(ready) {
      if (!question) return;
      enable(yes, ready);
      if (question.stands()) return;
      onGone(question.gone);
      settle(null);
      dialog.close();
    },
    /** A key pressed while the dialog is open. @param {KeyboardEvent} event */
    press(event) {
      if (event.repeat) return;
      if (question?.code === event.code) dialog.querySelector("form").requestSubmit(yes);
      else question?.onKey?.(event);
    },
  };
}

function key(sign) {
  return el("kbd", { "aria-hidden": "true" }, sign);
}
