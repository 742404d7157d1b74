// The load by service: how many wait, how long the longest, who serves; a service shows its own queue.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { heading } from "./desks.js";
import { longestMark, tickMarks } from "./norms.js";
import { rowList } from "./rows.js";

/**
 * @param {HTMLElement} place
 * @param {{facts: any, onShow: (service: string) => void}} options
 */
export function servicesPanel(place, { facts, onShow }) {
  const list = rowList({
    kind: "services",
    caption: _("Services"),
    heads: [_("Service"), _("Wait"), _("Longest"), _("Serving now")],
    cells,
    onKey(event, id) {
      if (!["Enter", "NumpadEnter", "Space"].includes(event.code)) return false;
      onShow(id);
      return true;
    },
  });
  const scroll = el("div", { class: "scroll", tabindex: "-1" }, list.element);
  place.replaceChildren(heading(_("Services"), "5"), scroll);

  function cells(service) {
    const show = el("button", { type: "button", class: "plain", tabindex: "-1" }, name(service.name));
    show.addEventListener("click", () => onShow(service.code));
    const longest = service.longest_wait_seconds;
    return [
      el("th", { scope: "row" }, show, service.state === "closed" && el("span", { class: "second" }, _("closed now"))),
      el("td", { class: "number" }, String(service.waiting)),
      el("td", {}, longest === null ? "—" : longestMark(longest, facts.view().at, service.wait_limit_seconds)),
      el("td", {}, desks(service)),
    ];
  }

  return {
    draw() {
      const services = facts.view().services.filter((service) => service.state === "open" || service.waiting);
      list.draw(services.map((service) => ({ ...service, id: service.code })));
      this.tick();
    },
    tick: () => tickMarks(list.element),
    focus: () => list.focus() || scroll.focus(),
  };
}

function desks({ desks_open: open, waiting }) {
  if (open) return el("span", { class: "number" }, String(open));
  return waiting ? el("strong", { class: "bad" }, _("nobody serves")) : el("span", { class: "quiet" }, _("none open"));
}
