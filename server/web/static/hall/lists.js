// The three lists of visitors: the whole queue, those put aside, today's no-shows; what each row says.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { secondsUntil, stopwatch } from "../desk/durations.js";
import { tickMarks, waitMark } from "./norms.js";
import { rowList } from "./rows.js";
import { reasonName, reasonWords, signs } from "./ticket_words.js";

/**
 * @param {object} facts what rows need beside the ticket: `view()`, `choices()`, `categoryName`, `timeHere`
 * @param {{onChoose: (id: string) => void, onKey: (event: KeyboardEvent, id: string) => boolean}} handlers
 */
export function visitorLists(facts, handlers) {
  const number = (ticket) => el("th", { scope: "row", class: "number" }, ticket.number);

  const waiting = rowList({
    kind: "waiting",
    caption: _("Queue"),
    heads: [_("Place"), _("Number"), _("Service, why here"), _("Waits")],
    cells: (ticket) => [
      el("td", { class: "number place" }, String(ticket.place ?? "")),
      number(ticket),
      service(ticket, [el("span", {}, reasonWords(ticket, facts)), ...signs(ticket, facts)]),
      el("td", {}, waitMark(ticket)),
    ],
    ...handlers,
  });
  const held = rowList({
    kind: "held",
    caption: _("Put aside"),
    heads: [_("Number"), _("Service, why put aside"), _("Returns")],
    cells: (ticket) => [
      number(ticket),
      service(ticket, [
        el("span", {}, reasonName(ticket.held_reason, facts.choices()?.hold_reasons, ticket, "hold")),
        ...signs(ticket, facts),
      ]),
      returns(ticket),
    ],
    ...handlers,
  });
  const missed = rowList({
    kind: "missed",
    caption: _("No-shows"),
    heads: [_("Number"), _("Service"), _("When")],
    cells: (ticket) => {
      const when = ticket.finished_at ?? ticket.called_at;
      return [number(ticket), service(ticket, signs(ticket, facts)), el("td", { class: "number" }, when ? facts.timeHere(when) : "")];
    },
    ...handlers,
  });

  function returns({ held_until: until }) {
    if (!until) return el("td", {}, _("by hand"));
    return el("td", {}, el("b", { class: "number", "data-until": until }), el("span", { class: "second" }, _("at %(time)s", { time: facts.timeHere(until) })));
  }

  return [
    { code: "waiting", list: waiting, words: (n) => _("Queue (%(n)s)", { n }), empty: () => _("Nobody is waiting.") },
    { code: "held", list: held, words: (n) => _("Put aside (%(n)s)", { n }), empty: () => _("Nobody is put aside.") },
    { code: "missed", list: missed, words: (n) => _("No-shows (%(n)s)", { n }), empty: () => _("Nobody has missed the call today.") },
  ];
}

/** Move the times of a list on. @param {HTMLElement} element */
export function tickList(element) {
  tickMarks(element);
  for (const made of element.querySelectorAll("[data-until]")) {
    const seconds = secondsUntil(made.dataset.until);
    const text = seconds ? stopwatch(seconds) : _("now");
    if (made.textContent !== text) made.textContent = text;
  }
}

function service(ticket, second) {
  return el("td", {}, name(ticket.service_name), el("span", { class: "second" }, second));
}
