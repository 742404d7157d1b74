// Somebody has come and says the code, or holds its QR to the scanner: one field, Enter, and the ticket.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";

/** So long a code waits for the end of another act; later it was another visitor's. */
const PATIENCE_MS = 3000;

/**
 * What was typed or scanned, as a body of the check-in; null when it can be none.
 * A scanner that types through another keyboard layout garbles letters and signs but not digits.
 * @param {string} read
 */
export function whatCame(read) {
  const text = read.trim();
  const digits = text.replace(/[\s-]/g, "");
  if (/^[0-9]{4}$/.test(digits)) return { phone_digits: digits };
  if (/^[0-9]{6}$/.test(digits)) return { code: digits };
  const link = text.match(/[23456789bcdfghjkmnpqrstvwxz]{24}$/)?.[0];
  if (link) return { link };
  const alone = text.match(/(?<![\p{L}\p{N}])[0-9]{6}(?![\p{L}\p{N}])/gu)?.at(-1);
  return alone ? { code: alone } : null;
}

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {(body: any) => Promise<{ok: boolean, data?: any, detail: string|null}>} options.onCome
 * @param {(ticket: any) => void} options.onDone with IssuedTicket
 */
export function reception(place, { onCome, onDone }) {
  const fault = el("p", { class: "problem", id: "code-fault", role: "alert", hidden: true });
  const field = el("input", { type: "text", id: "code", maxlength: "300", placeholder: _("Code of who came"), "aria-label": _("Code of the booking, its QR, or the last four digits of the phone"), "aria-keyshortcuts": "C", "aria-describedby": "code-fault", autocomplete: "off", spellcheck: "false" });
  const button = actButton("", _("Check in"), "Enter", () => {});
  button.type = "submit";
  const form = el("form", { class: "come", novalidate: true }, el("label", { class: "find-field" }, el("kbd", { "aria-hidden": "true" }, "C"), field), button);
  place.replaceChildren(form, fault);
  field.addEventListener("input", () => say(""));
  field.addEventListener("keydown", ({ code }) => {
    if (code !== "Escape") return;
    if (!field.value) document.getElementById("list").focus();
    field.value = "";
    say("");
  });
  let scannedAt = 0;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A scanner does not wait for the page: what it typed while the button rested is sent a moment later.
    if (rests(button)) scannedAt = Date.now();
    else go();
  });

  async function go() {
    scannedAt = 0;
    const body = whatCame(field.value);
    if (!body) {
      say(_("Type the six digits of the booking or the last four of the phone, or scan its QR."));
      return;
    }
    say("");
    const answer = await onCome(body);
    if (answer.ok) {
      field.value = "";
      onDone(answer.data);
    } else if (answer.detail) say(answer.detail);
  }

  function say(words) {
    fault.textContent = words;
    fault.hidden = !words;
    field.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) field.select();
  }

  return {
    /** @param {boolean} ready false while a command is under way or contact is lost */
    draw(ready) {
      enable(button, ready);
      if (ready && Date.now() - scannedAt < PATIENCE_MS) go();
    },
    focus() {
      field.focus();
      field.select();
    },
  };
}
