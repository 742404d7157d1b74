// "I have a booking": the code or the last digits of the phone, typed, or a QR held to the scanner.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { awaitAnswer, backButton, isAwaiting } from "./buttons.js";
import { digitKeys, typed } from "./keyboard.js";
import { checkIn, newTap } from "./kiosk_program.js";

/** How many digits each way has (sdk/commands.CheckIn). */
const LENGTHS = { code: 6, phone: 4 };

/**
 * `tap` names one attempt: sent twice it checks in once.
 * @param {{by: "code"|"phone", digits: string, tap?: string}} details
 */
export function bookingScreen(page, details) {
  const cells = el("p", { class: "cells number", role: "status" });
  const question = el("p", { class: "sentence" });
  const ways = el("div", { class: "switch", role: "group", "aria-label": _("How to find the booking") });
  const come = el("button", { class: "primary act", onclick: () => send(page, wish(), come, details) }, _("I am here"));

  const wish = () => (details.by === "code" ? { code: details.digits } : { phone_digits: details.digits });
  const complete = () => details.digits.length === LENGTHS[details.by];

  function draw() {
    const length = LENGTHS[details.by];
    const shown = [...details.digits.padEnd(length, "·")];
    cells.replaceChildren(...shown.map((digit) => el("span", { class: "cell", "aria-hidden": "true" }, digit)));
    cells.append(
      el("span", { class: "visually-hidden" }, details.digits ? [...details.digits].join(" ") : _("Nothing typed yet")),
    );
    question.textContent =
      details.by === "code"
        ? _("Type the 6 digits of the code or scan its QR")
        : _("Type the last 4 digits of your phone");
    come.disabled = !complete();
  }

  function way(by, text) {
    return el(
      "button",
      { class: "second", "data-key": by, "aria-pressed": String(details.by === by), onclick: () => choose(by) },
      text,
    );
  }

  function choose(by) {
    if (details.by !== by) Object.assign(details, { by, digits: "" });
    drawWays();
    draw();
    ways.querySelector(`[data-key="${by}"]`).focus();
  }

  function drawWays() {
    ways.replaceChildren(way("code", _("Booking code")), way("phone", _("Phone number")));
  }

  function type(key) {
    if (key === "Enter") return complete() && come.click();
    if (key.length === 1 && (!/[0-9]/.test(key) || complete())) return;
    details.digits = typed(details.digits, key);
    details.tap = newTap();
    draw();
    if (complete()) come.focus(); // so that Enter of a keypad sends it
  }

  drawWays();
  draw();
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("Your booking")),
      ways,
      question,
      cells,
      digitKeys(type),
      el("div", { class: "others" }, backButton(page.home), come),
    ],
    say: question.textContent,
    type,
  };
}

/** A code the scanner read, on whatever screen. @param {string | null} code null: what was read is no booking */
export async function scanned(page, code) {
  if (!page.state?.office || isAwaiting()) return;
  if (!code || !page.state.office.bookings) {
    page.go("problem", {
      kind: "refused",
      title: () => _("This code is not a booking"),
      words: () =>
        _("Hold the QR of your booking to the scanner, type its code, or take a ticket without a booking."),
    });
    return;
  }
  const details = { by: "code", digits: code, tap: newTap() };
  page.go("booking", details);
  await send(page, { code }, document.querySelector("main .act"), details);
}

/** Say that the visitor has come; the answer is a ticket, or why not. */
async function send(page, wish, button, details) {
  if (isAwaiting()) return;
  awaitAnswer(button);
  const result = await checkIn({ ...wish, tap: details.tap, language: page.language });
  if (result.ticket) return page.go("ticket", { ticket: result.ticket, job: result.job });
  const again = () => page.go("booking", { ...details, digits: "" });
  const title = () => (result.kind === "refused" ? _("The booking was not found") : _("The ticket is delayed"));
  page.go("problem", { ...result, title, again });
}
