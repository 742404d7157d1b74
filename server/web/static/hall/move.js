// Sending a waiting visitor elsewhere: to a service, a desk or a certain operator, with a note for the colleague.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { pointName } from "../desk/choices.js";
import { picker } from "../desk/picker.js";

/** The longest note the server takes, in characters. */
const LONGEST_NOTE = 500;

/**
 * @param {any} ticket waiting or put aside
 * @param {() => any} choices Choices as they are now
 * @returns {import("../desk/question.js").Question} whose answer is a request's body
 */
export function moveQuestion(ticket, choices) {
  const list = picker({ label: _("Service, desk or operator"), missing: _("Choose where to send the visitor."), onChange: askService });
  const service = el("select");
  const serviceField = el("label", { class: "field", hidden: true }, el("span", {}, _("For which service")), service);
  const fault = el("p", { class: "problem", role: "alert", hidden: true });
  const note = el("textarea", { maxlength: LONGEST_NOTE, rows: "3" });
  /** @type {Map<string, {kind: string, code: string, desk: any}>} */
  let places = new Map();

  function update() {
    const { services, desks } = choices();
    const seats = desks.filter((desk) => desk.operator && desk.state !== "closed");
    places = new Map([
      ...desks.map((desk) => [`desk:${desk.desk}`, { kind: "desk", code: desk.desk, desk }]),
      ...seats.map((desk) => [`operator:${desk.operator}`, { kind: "operator", code: desk.operator, desk }]),
    ]);
    list.update([
      ...services.filter(({ code }) => code !== ticket.service).map((one) => ({ ...serviceItem(one), group: _("Services") })),
      ...desks.map((desk) => ({ ...deskItem(desk, choices()), id: `desk:${desk.desk}` })),
      ...seats.map((desk) => ({ ...deskItem(desk, choices()), ...operatorWords(desk), id: `operator:${desk.operator}` })),
    ]);
  }

  // A desk keeps the visitor's service where it gives it too; otherwise it is asked which of its own.
  function askService(id) {
    const services = places.get(id)?.desk.services ?? [];
    const keeps = !services.length || services.includes(ticket.service);
    const options = services.map((code) => el("option", { value: code }, serviceName(choices(), code)));
    service.replaceChildren(...(services.length > 1 ? [el("option", { value: "" }, _("Choose the service"))] : []), ...options);
    serviceField.hidden = keeps;
    fault.hidden = true;
  }

  update();
  return {
    title: _("Send %(number)s on", ticket),
    wide: true,
    content: [
      el(
        "div",
        { class: "halves" },
        list.element,
        el(
          "div",
          { class: "half" },
          el("p", {}, _("Now: %(service)s", { service: name(ticket.service_name) })),
          serviceField,
          fault,
          el("label", { class: "field" }, el("span", {}, _("Note for the colleague")), note),
          el("p", { class: "quiet" }, _("The time of coming stays: the visitor does not lose the wait.")),
        ),
      ),
    ],
    words: _("Send on"),
    onDraw: update,
    read() {
      const id = list.read();
      if (id === null) return null;
      const body = { ticket: ticket.id, note: note.value.trim() };
      const place = places.get(id);
      if (!place) return { ...body, service: id.slice("service:".length) };
      if (serviceField.hidden) return { ...body, [place.kind]: place.code };
      if (service.value) return { ...body, [place.kind]: place.code, service: service.value };
      fault.textContent = _("This desk gives other services: choose one.");
      fault.hidden = false;
      service.focus();
      return null;
    },
  };
}

/** A service to choose, with who waits and who serves. @param {{code: string, name: any, waiting: number, desks_open: number}} service */
export function serviceItem({ code, name: names, waiting, desks_open: open }) {
  const queue = _("waiting: %(n)s", { n: waiting });
  const desks = open ? ngettext("%(n)s desk open", "%(n)s desks open", open) : _("no desk open");
  return { id: `service:${code}`, words: name(names), second: `${queue} · ${desks}`, quiet: !open };
}

function operatorWords(desk) {
  return { group: _("Operators"), words: desk.operator, second: pointName(desk) };
}

function deskItem(desk, choices) {
  return {
    group: _("Desks"),
    words: desk.operator && desk.state !== "closed" ? `${pointName(desk)} · ${desk.operator}` : pointName(desk),
    second: desk.services.map((code) => serviceName(choices, code)).join(", "),
    sign: { open: _("At work"), break: _("On a break"), closed: _("Closed") }[desk.state],
    quiet: desk.state !== "open",
  };
}

function serviceName({ services }, code) {
  return name(services.find((service) => service.code === code)?.name) || code;
}
