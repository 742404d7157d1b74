// The console's one dialog: a question that holds only while what it asks about is still so.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { enable, rests } from "./button.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {(Node|string)[]} content
 * @property {string} [words] of the button that says yes; without them there is nothing to say yes to
 * @property {string} [sign] that button's key, Enter unless told
 * @property {string} [code] a key that says yes from anywhere in the dialog, or closes it when there is no yes
 * @property {boolean} [wide]
 * @property {() => any} [read] the command's body; null keeps the dialog open (the content says what is missing)
 * @property {() => boolean} [stands] whether there is still somebody to ask about; always unless told
 * @property {string} [gone] what to say when there is not
 * @property {(event: KeyboardEvent) => void} [onKey]
 * @property {() => void} [onDraw] the state or the choices have changed
 */

/**
 * @param {HTMLDialogElement} dialog
 * @param {{onGone: (text: string) => void}} options `onGone` says outside what can no longer be said inside
 */
export function questionBox(dialog, { onGone }) {
  /** @type {Question | null} */
  let question = null;
  let yes = null;
  let fault = null;
  let pause = null;
  let sent = false;
  // The event comes late: by then the dialog may be open again with another question.
  dialog.addEventListener("close", () => dialog.open || forget());

  function forget() {
    question = null;
    sent = false;
  }

  function close() {
    forget();
    dialog.close();
  }

  async function answer(asked, submit) {
    const body = asked.read();
    if (body === null) return;
    sent = true;
    say("");
    const refusal = await submit(body);
    if (question !== asked) {
      if (refusal) onGone(refusal);
      return;
    }
    sent = false;
    if (refusal === null) return;
    if (refusal && asked.stands()) {
      say(refusal);
      return;
    }
    if (refusal) onGone(refusal);
    close();
  }

  function say(words) {
    fault.textContent = words;
    fault.hidden = !words;
  }

  return {
    get open() {
      return dialog.open;
    },
    /**
     * Ask. The dialog stays open while the command goes and shows a refusal inside.
     * @param {Question} asked
     * @param {(body: any) => Promise<string|null>} [submit] does the act; answers the refusal's words, empty when done,
     *   null when it was not the moment
     */
    ask(asked, submit) {
      question = { stands: () => true, gone: "", ...asked };
      sent = false;
      const mine = question;
      yes = asked.words && el("button", { class: "primary", value: "yes" }, el("span", {}, asked.words), key(asked.sign ?? "Enter"));
      const no = el("button", { value: "no", formnovalidate: true }, el("span", {}, asked.words ? _("Back") : _("Close")), key("Esc"));
      fault = el("p", { class: "problem", id: "question-fault", role: "alert", hidden: true });
      pause = el("p", { class: "note", role: "status", hidden: true }, _("No contact with the server: wait, nothing is lost."));
      const form = el("form", { method: "dialog", novalidate: true, autocomplete: "off" });
      form.append(el("h2", { id: "question-title" }, asked.title), ...asked.content, fault, pause, el("div", { class: "acts" }, yes || null, no));
      form.addEventListener("submit", (event) => {
        if (event.submitter === no || !yes) return;
        event.preventDefault();
        if (!rests(yes) && !sent) answer(mine, submit);
      });
      dialog.replaceChildren(form);
      dialog.className = asked.wide ? "wide-question" : "";
      dialog.setAttribute("aria-labelledby", "question-title");
      if (!dialog.open) dialog.showModal();
    },
    /** Keep the question true: the yes rests with the other buttons, and a question without a subject closes. */
    check(ready, online) {
      if (!question) return;
      if (yes) enable(yes, ready);
      pause.hidden = online || !yes;
      if (sent) return;
      if (question.stands()) {
        question.onDraw?.();
        return;
      }
      onGone(question.gone);
      close();
    },
    /** A key pressed while the dialog is open. @param {KeyboardEvent} event */
    press(event) {
      if (event.repeat || event.isComposing || !question) return;
      const written = event.code === "Enter" && !event.shiftKey && event.target.matches?.("textarea, select");
      if (question.code !== event.code && !written) {
        question.onKey?.(event);
        return;
      }
      event.preventDefault();
      if (yes) dialog.querySelector("form").requestSubmit(yes);
      else close();
    },
  };
}

function key(sign) {
  return el("kbd", { "aria-hidden": "true" }, sign);
}
