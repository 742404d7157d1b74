// The dialog that sends the visitor at the desk on: to a service or a desk, with a note, and back here if wanted.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { pointName } from "./choices.js";
import { picker } from "./picker.js";
import { whom } from "./ticket_words.js";

/** The longest note the server takes, in characters. */
export const LONGEST_NOTE = 500;

/**
 * @param {any} ticket the visitor at the desk
 * @param {string} here this desk's code: nobody is sent to where they are
 * @param {{now: any}} choices
 * @returns {import("./question.js").Question}
 */
export function transferQuestion(ticket, here, choices) {
  const list = picker({ label: _("Service, desk or colleague"), missing: _("Choose where to send the visitor."), onChange: drawService });
  const service = el("select", { name: "service" });
  const serviceField = el("label", { class: "field", hidden: true }, el("span", {}, _("For which service")), service);
  const serviceFault = el("p", { class: "problem", role: "alert", hidden: true });
  const note = el("textarea", { maxlength: LONGEST_NOTE, rows: "4" });
  const back = el("input", { type: "checkbox" });
  let desk = null;
  service.addEventListener("change", () => (serviceFault.hidden = true));

  function update() {
    list.update([...serviceItems(choices.now, ticket), ...deskItems(choices.now, here)]);
  }

  // A desk keeps the visitor's service where it gives it too; otherwise it is asked which of its own.
  function drawService(id) {
    desk = (id?.startsWith("desk:") && choices.now.desks.find((known) => `desk:${known.desk}` === id)) || null;
    const codes = (desk?.services ?? []).filter((code) => code === ticket.service || isOpen(choices.now, code));
    const keeps = codes.includes(ticket.service);
    const options = codes.map((code) => el("option", { value: code, selected: code === ticket.service }, serviceName(choices.now, code)));
    service.replaceChildren(...(keeps || codes.length === 1 ? [] : [el("option", { value: "" }, _("Choose the service"))]), ...options);
    serviceField.hidden = codes.length < 2;
    serviceFault.hidden = true;
  }

  update();
  return {
    title: _("Send %(number)s on", { number: whom(ticket) }),
    wide: true,
    content: [
      el(
        "div",
        { class: "halves" },
        list.element,
        el(
          "div",
          { class: "half" },
          serviceField,
          serviceFault,
          el("label", { class: "field" }, el("span", {}, _("Note for the colleague")), note),
          el("label", { class: "choice" }, back, el("span", {}, _("Return to me after"))),
        ),
      ),
    ],
    words: _("Send on"),
    onDraw: update,
    read() {
      const id = list.read();
      if (id === null) return null;
      const body = { ticket: ticket.id, note: note.value.trim(), return_after: back.checked };
      if (!desk) return { ...body, service: id.slice("service:".length) };
      if (service.value === ticket.service) return { ...body, desk: desk.desk };
      if (service.value) return { ...body, desk: desk.desk, service: service.value };
      serviceFault.textContent = _("This desk gives other services: choose one.");
      serviceFault.hidden = false;
      service.focus();
      return null;
    },
  };
}

/** Ask which service is given to somebody who has no ticket: one of this desk's own, for no other would be counted. */
export function withoutTicketQuestion(here, choices) {
  const list = picker({ label: _("Service"), missing: _("Choose the service.") });
  const update = () => {
    const { services, desks } = choices.now;
    const own = desks.find((desk) => desk.desk === here)?.services ?? [];
    const item = (service) => ({ ...serviceItem(service), group: _("Services of this desk") });
    list.update(services.filter(({ code }) => own.includes(code)).map(item));
  };
  update();
  return {
    title: _("Serve without a ticket"),
    content: [el("p", { class: "quiet" }, _("The visitor has no ticket: the service begins at once and is counted.")), list.element],
    words: _("Start service"),
    onDraw: update,
    read() {
      const id = list.read();
      return id && { service: id.slice("service:".length) };
    },
  };
}

function serviceItems({ services }, ticket) {
  return services.filter(({ code }) => code !== ticket.service).map(serviceItem);
}

function serviceItem({ code, name: names, waiting, desks_open: open }) {
  const desks = open ? ngettext("%(n)s desk open", "%(n)s desks open", open) : _("no desk open");
  const second = [_("waiting: %(n)s", { n: waiting }), desks].join(" · ");
  return { id: `service:${code}`, group: _("Services"), words: name(names), second, quiet: !open };
}

function deskItems(now, here) {
  return now.desks
    .filter(({ desk }) => desk !== here)
    .map((desk) => ({
      id: `desk:${desk.desk}`,
      group: _("Desks"),
      words: desk.operator && desk.state !== "closed" ? `${pointName(desk)} · ${desk.operator}` : pointName(desk),
      second: desk.services.filter((code) => isOpen(now, code)).map((code) => serviceName(now, code)).join(", "),
      sign: { open: _("At work"), break: _("On a break"), closed: _("Closed") }[desk.state],
      quiet: desk.state !== "open",
    }));
}

function isOpen({ services }, code) {
  return services.some((service) => service.code === code);
}

function serviceName({ services }, code) {
  return name(services.find((service) => service.code === code)?.name) || code;
}
