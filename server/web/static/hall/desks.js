// The desks: who works where, in which state and since when, the visitor there against the norm; closing a desk.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";
import { pointName } from "../desk/choices.js";
import { ticketNumber } from "../desk/ticket_words.js";
import { CLOSE } from "./acts.js";
import { serviceMark, tickMarks } from "./norms.js";
import { rowList } from "./rows.js";
import { reasonName } from "./ticket_words.js";

/**
 * @param {HTMLElement} place
 * @param {{facts: any, mayManage: boolean, onClose: (desk: any) => void}} options
 */
export function desksPanel(place, { facts, mayManage, onClose }) {
  const list = rowList({
    kind: "desks",
    caption: _("Desks"),
    heads: [_("Desk, operator"), _("State"), _("Served"), ...(mayManage ? [el("span", {}, _("Act"), " ", el("kbd", { "aria-hidden": "true" }, CLOSE.sign))] : [])],
    cells,
    onKey(event, id) {
      if (event.code !== CLOSE.code || !mayManage) return false;
      const made = list.element.querySelector(`tr[data-id="${CSS.escape(id)}"] button`);
      if (made && !rests(made)) made.click();
      return true;
    },
  });
  const scroll = el("div", { class: "scroll", tabindex: "-1" }, list.element);
  place.replaceChildren(heading(_("Desks"), "4"), scroll);

  function cells(desk) {
    return [
      el("th", { scope: "row" }, pointName(desk), el("span", { class: "second" }, desk.operator ?? "—")),
      el("td", {}, state(desk, facts)),
      el("td", { class: "number" }, String(desk.served_today)),
      mayManage && el("td", { class: "row-act" }, desk.state !== "closed" && close(desk)),
    ].filter(Boolean);
  }

  function close(desk) {
    const made = actButton("act", _("Close"), CLOSE.sign, () => onClose(facts.view().desks.find((one) => one.desk === desk.desk)));
    made.firstChild.append(el("span", { class: "visually-hidden" }, ` ${pointName(desk)}`));
    made.tabIndex = -1;
    return made;
  }

  return {
    /** @param {boolean} ready */
    draw(ready) {
      list.draw(facts.view().desks.map((desk) => ({ ...desk, id: desk.desk })));
      for (const made of list.element.querySelectorAll("button")) enable(made, ready);
      this.tick();
    },
    tick: () => tickMarks(list.element),
    /** Go to a desk, or to the one where the focus was last. */
    focus: (desk) => list.focus(desk) || scroll.focus(),
  };
}

/** A panel's heading with the key that goes into the panel. */
export function heading(words, sign) {
  return el("h2", { class: "head" }, words, el("kbd", { "aria-hidden": "true" }, sign));
}

function state(desk, { choices, timeHere }) {
  const { current } = desk;
  const lasts = (since) => el("span", { "data-lasts": since });
  if (current) {
    const serving = current.state === "serving";
    return [
      el("span", { class: "number current", "data-state": current.state }, ticketNumber(current)),
      " ",
      serving ? serviceMark(current) : el("span", { class: "quiet" }, _("called"), ": ", lasts(current.called_at)),
    ];
  }
  if (desk.state === "closed") return el("span", { class: "quiet" }, _("Closed"));
  if (desk.state === "open") return [el("span", { class: "chip", "data-state": "open" }, _("Free")), " ", lasts(desk.since)];
  const why = reasonName(desk.break_reason, choices()?.break_reasons);
  return [
    el("span", { class: "chip", "data-state": "break" }, why ? _("Break: %(reason)s", { reason: why }) : _("Break")),
    el("span", { class: "second" }, _("since %(time)s", { time: timeHere(desk.since) }), ", ", lasts(desk.since)),
  ];
}
