// The visitor's number, huge; what the printer does with it; where to wait.

import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { minutesWords } from "./busy.js";
import { icon } from "./frame.js";
import { followJob } from "./kiosk_program.js";

/** @param {{ticket: any, job: string, state?: string}} details */
export function ticketScreen(page, details) {
  const { ticket, job } = details;
  const office = page.state.office;
  const number = el("p", { class: "big-number number" }, ticket.number);
  number.style.setProperty("--letters", String(ticket.number.length));
  const paper = el("p", { class: "paper", role: "status" });
  const picture = el("img", { class: "picture", alt: _("Your ticket"), hidden: true });
  let unfollow = () => {};
  let leaving = 0;

  function onJob(state) {
    details.state = state;
    const [sign, text, kind] = paperWords(state);
    paper.replaceChildren(...(sign ? [icon(sign)] : []), el("span", {}, text));
    paper.className = `paper ${kind}`;
    if (state === "printed" && page.state.pictures) {
      picture.src = `/tickets/last.png?job=${job}`;
      picture.hidden = false;
    }
    rest(state);
  }

  /** Home again after a while; longer when the number must be remembered. */
  function rest(state) {
    clearTimeout(leaving);
    const seconds = page.state.times.ticket * (state === "printed" || state === "queued" ? 1 : 2);
    leaving = setTimeout(page.finish, seconds * 1000);
  }

  const ahead =
    ticket.ahead > 0
      ? ngettext("%(n)s person before you", "%(n)s people before you", ticket.ahead)
      : _("You are next");
  const wait = ticket.expected_wait_minutes ? minutesWords(ticket.expected_wait_minutes) : "";
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("Your number")),
      number,
      paper,
      el("p", { class: "sentence" }, [ahead, wait].filter(Boolean).join(", ")),
      el("p", { class: "sentence" }, name(office?.wait_hint) || _("You will be called by the board and by voice.")),
      picture,
      el("button", { class: "primary act", onclick: page.finish }, _("Done")),
    ],
    say: `${_("Your number")} ${ticket.number}. ${ahead}`,
    shown() {
      unfollow();
      onJob(details.state ?? "queued");
      if (details.state === "queued") unfollow = followJob(job, onJob);
    },
    leave() {
      unfollow();
      clearTimeout(leaving);
    },
  };
}

/** Sign, words and look for the state of the print job. */
function paperWords(state) {
  if (state === "printed") return ["done", _("Take your ticket"), "good"];
  if (state === "queued") return ["", _("Your ticket is being printed"), ""];
  if (state === "unknown") {
    return ["attention", _("If no ticket comes out, remember or photograph the number"), "attention"];
  }
  return ["attention", _("The ticket was not printed. Remember or photograph the number: it is valid"), "attention"];
}
