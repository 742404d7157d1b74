// The visitor's number, huge; what the printer does with it; where to wait.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { placeWords } from "./busy.js";
import { mainButton } from "./buttons.js";
import { icon } from "./frame.js";
import { followJob } from "./kiosk_program.js";
import { findService } from "./service_words.js";

/** @param {{ticket: any, job: string, state?: string, formerInMouth?: boolean}} details */
export function ticketScreen(page, details) {
  const { ticket, job } = details;
  const office = page.state.office;
  const number = el("p", { class: "big-number number" }, ticket.number);
  number.style.setProperty("--letters", String(ticket.number.length));
  const paper = el("p", { class: "paper", role: "status" });
  const picture = el("img", { class: "picture", alt: _("Your ticket"), hidden: true });
  const phone = el("div", { class: "phone" });
  phone.hidden = true;
  let unfollow = () => {};
  let leaving = 0;
  let waitsForTaking = 1;

  function onJob(state, formerInMouth) {
    details.state = state;
    details.formerInMouth = formerInMouth;
    const [sign, text, kind] = paperWords(details);
    paper.replaceChildren(...(sign ? [icon(sign)] : []), el("span", {}, text));
    paper.className = `paper ${kind}`;
    if (state === "printed" && page.state.pictures) {
      picture.src = `/tickets/last.png?job=${job}`;
      picture.hidden = false;
    }
    if (!["queued", "printed"].includes(state) && ticket.status_url) showCode();
    page.resized();
    rest(state);
  }

  /** What the paper would have held: the code that shows the place in the queue on a phone. */
  function showCode() {
    if (phone.childElementCount) return;
    const code = el("img", { class: "code", alt: _("QR code of your ticket") });
    // Hidden until it is there: the number alone is enough to be called.
    code.onload = () => {
      phone.hidden = false;
      page.resized();
    };
    code.src = `/qr.svg?text=${encodeURIComponent(ticket.status_url)}`;
    phone.append(code, el("p", { class: "sentence" }, _("Point a phone camera here to see your place in the queue")));
  }

  /** Home again after a while; longer when the number must be remembered or the ticket hangs in the mouth. */
  function rest(state) {
    clearTimeout(leaving);
    const seconds = page.state.times.ticket * (state === "printed" || state === "queued" ? 1 : 2);
    leaving = setTimeout(() => {
      if (!page.state.ticket_in_mouth || waitsForTaking === 0) return page.finish();
      waitsForTaking -= 1;
      rest(state);
    }, seconds * 1000);
  }

  // Without the queue nobody knows how many are before.
  const place = ticket.ahead === null ? "" : placeWords(ticket.ahead, ticket.expected_wait);
  const hint = name(office?.wait_hint) || _("You will be called by the board and by voice.");
  const service = name(findService(page.state, ticket.service)?.name);
  return {
    elements: [
      el(
        "section",
        { class: "slip" },
        el("h1", { tabindex: "-1" }, _("Your number")),
        number,
        service ? el("p", { class: "slip-service" }, service) : "",
        el("hr", {}),
        place ? el("p", { class: "sentence" }, place) : "",
        el("p", { class: "sentence" }, hint),
        paper,
      ),
      phone,
      picture,
      mainButton(_("Done"), page.finish),
    ].filter(Boolean),
    say: [`${_("Your number")} ${ticket.number}`, place].filter(Boolean).join(". "),
    shown() {
      unfollow();
      onJob(details.state ?? "queued", details.formerInMouth);
      if (details.state === "queued") unfollow = followJob(job, onJob);
    },
    leave() {
      unfollow();
      clearTimeout(leaving);
    },
  };
}

/** Sign, words and look for the state of the print job. */
function paperWords({ state, formerInMouth, ticket }) {
  if (state === "printed" && formerInMouth) {
    const words = _("Take the ticket with the number %(number)s: the other one in the printer is not yours", {
      number: ticket.number,
    });
    return ["attention", words, "attention"];
  }
  if (state === "printed") return ["done", _("Take your ticket"), "good"];
  if (state === "queued") return ["", _("Your ticket is being printed"), ""];
  if (state === "unknown") {
    return ["attention", _("If no ticket comes out, remember or photograph the number"), "attention"];
  }
  return ["attention", _("The ticket was not printed. Remember or photograph the number: it is valid"), "attention"];
}
