// The left half of the console: the desk's visitor now, the timer against the norm, the buttons.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { ACTS, MAIN, PLACES, allowedSmaller, mainAct } from "./acts.js";
import { actButton, enable } from "./button.js";
import { minutes, secondsSince } from "./durations.js";
import { ticketNumber } from "./ticket_words.js";
import { showTimer, visitorCard } from "./visitor_card.js";

/**
 * Make the half's elements once and keep them in step with the state.
 * @param {HTMLElement} section
 * @param {object} options
 * @param {any} options.choices see `officeChoices`
 * @param {(instant: string) => string} options.timeHere local wall time at the office
 * @param {(act: string) => void} options.onAct
 */
export function visitorPanel(section, { choices, timeHere, onAct }) {
  const facts = el("div", { class: "facts" });
  const withoutTicket = small("withoutTicket");
  const card = el("div", { class: "card now", tabindex: "-1" }, facts, withoutTicket);
  const message = el("p", { class: "problem", role: "alert", hidden: true });
  const main = actButton("primary main", "", MAIN.sign, () => onAct(main.dataset.act));
  main.setAttribute("aria-keyshortcuts", MAIN.code);
  const places = PLACES.map((acts) => ({ acts, button: small(acts[0]) }));
  section.replaceChildren(card, message, main, el("div", { class: "smaller" }, places.map(({ button }) => button)));
  let drawn = "";

  function small(act) {
    const made = actButton("small", ACTS[act].words(), ACTS[act].sign, () => onAct(made.dataset.act));
    made.dataset.act = act;
    made.setAttribute("aria-keyshortcuts", ACTS[act].sign);
    return made;
  }

  function show(button, act, view) {
    button.dataset.act = act;
    const words = ACTS[act].words(view);
    if (button.firstChild.textContent !== words) button.firstChild.textContent = words;
  }

  return {
    /** @param {any} view DeskView @param {boolean} ready false while a command is under way or contact is lost */
    draw(view, ready) {
      const { categories, desks, break_reasons: reasons } = choices.now;
      const { current, state, break_reason: reason, break_due: due } = view;
      const all = JSON.stringify([current, state, reason, due, !current && view.mine.length > 0, categories, desks.length, reasons]);
      if (all !== drawn) facts.replaceChildren(...(view.current ? visitorCard(view, { choices, timeHere }) : nobody(view, choices)));
      drawn = all;
      this.tick(view);
      const now = allowedSmaller(view);
      for (const { acts, button } of places) {
        const act = acts.find((one) => now.has(one));
        show(button, act ?? acts[0], view);
        enable(button, ready && Boolean(act));
      }
      const offered = view.state === "open" && !view.current;
      // The focus of a button that goes away stays in the card and never falls on another act.
      if (!offered && document.activeElement === withoutTicket) card.focus();
      withoutTicket.hidden = !offered;
      enable(withoutTicket, ready && now.has("withoutTicket"));
      const { act, allowed } = mainAct(view);
      show(main, act, view);
      enable(main, ready && allowed);
    },
    /** Move the clocks on without drawing anything anew. */
    tick(view) {
      const timer = facts.querySelector(".timer");
      if (timer && view.current) showTimer(timer, view);
      const pause = facts.querySelector(".pause");
      if (pause) pause.textContent = minutes(secondsSince(view.since));
    },
    /** @param {string} text what went wrong and what to do; empty takes the message away */
    say(text) {
      message.textContent = text;
      message.hidden = !text;
    },
    /** Say the visitor now to those who do not see the screen. @param {any} ticket TicketView or null */
    spoken: (ticket) => (ticket ? ticketNumber(ticket) : ""),
  };
}

function nobody(view, choices) {
  if (view.state === "break") {
    const reason = choices.reasonName("break_reasons", view.break_reason);
    return [
      el("p", { class: "empty" }, reason ? _("Break: %(reason)s", { reason }) : _("Break")),
      el("p", { class: "pause-line" }, el("span", { class: "pause number" }), " ", _("since the break began")),
      el("p", { class: "quiet" }, _("Visitors are not called to this desk.")),
    ];
  }
  const words = {
    closed: [_("The desk is closed"), _("Open it to call visitors.")],
    open: view.mine.length
      ? [_("The desk is free"), _("The next visitor is waiting.")]
      : [_("Nobody is waiting for you"), _("As soon as somebody comes, the button will work.")],
  }[view.state];
  return [el("p", { class: "empty" }, words[0]), el("p", { class: "quiet" }, words[1])];
}
