// Rate the visit from the phone: five faces, one touch, one change of mind.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { freshId, send } from "../api.js";
import { face } from "/rate-page/faces.js";

/** The words of marks 1…5. */
export function marks() {
  return [_("Very bad"), _("Bad"), _("Fair"), _("Good"), _("Excellent")];
}

/**
 * Draw the question into `section`, or the mark already given.
 * @param {HTMLElement} section
 * @param {string} code the ticket's code
 * @param {any} status TicketStatus
 */
export function drawRating(section, code, status) {
  section.hidden = !(status.may_rate || status.score);
  const facts = `${status.may_rate} ${status.score} ${document.documentElement.lang}`;
  if (section.hidden || section.dataset.drawn === facts) return;
  section.dataset.drawn = facts;
  const said = el("p", { role: "status" }, status.score ? thanks(status.score) : "");
  if (!status.may_rate) return section.replaceChildren(said);
  const buttons = marks().map((word, index) =>
    el("button", { type: "button", class: "mark", "aria-pressed": String(status.score === index + 1), onclick: () => rate(index + 1) }, face(index + 1), el("span", {}, word)),
  );
  section.replaceChildren(el("h2", {}, _("Rate the service")), el("div", { class: "marks" }, buttons), said);

  async function rate(score) {
    for (const button of buttons) button.disabled = true;
    const answer = await send("ratings", { ticket: code, score, press_id: freshId(), source: "phone" }, { asVisitor: true });
    for (const button of buttons) button.disabled = false;
    if (answer.ok && answer.data.counted) {
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index + 1 === score)));
      said.textContent = thanks(score);
    } else said.textContent = answer.ok ? _("This visit can no longer be rated.") : answer.detail;
  }
}

function thanks(score) {
  return _("Your mark: %(mark)s. Thank you!", { mark: marks()[score - 1] });
}
