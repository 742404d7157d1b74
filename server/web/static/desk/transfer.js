// Sending a visitor on: to a service, a desk or a certain operator, with a note; and serving one without a ticket.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { pointName } from "./choices.js";
import { picker } from "./picker.js";
import { whom } from "./ticket_words.js";

/** The longest note the server takes, in characters. */
export const LONGEST_NOTE = 500;

/**
 * Ask where the visitor at the desk goes, and whether back here afterwards.
 * @param {any} ticket the visitor at the desk
 * @param {string} here this desk's code: nobody is sent to where they are
 * @param {() => any} choices Choices as they are now
 * @returns {import("./question.js").Question} whose answer is a request's body
 */
export function transferQuestion(ticket, here, choices) {
  const back = el("input", { type: "checkbox" });
  const last = el("label", { class: "choice" }, back, el("span", {}, _("Return to me after")));
  return sendOn(ticket, choices, { here, last, more: () => ({ return_after: back.checked }) });
}

/**
 * Ask where a visitor of the hall goes.
 * @param {any} ticket waiting or put aside
 * @param {() => any} choices Choices as they are now
 * @returns {import("./question.js").Question} whose answer is a request's body
 */
export function moveQuestion(ticket, choices) {
  const first = el("p", {}, _("Now: %(service)s", { service: name(ticket.service_name) }));
  const last = el("p", { class: "quiet" }, _("The time of coming stays: the visitor does not lose the wait."));
  return sendOn(ticket, choices, { first, last });
}

function sendOn(ticket, choices, { here = null, first = null, last, more = () => ({}) }) {
  const list = picker({ label: _("Service, desk or operator"), missing: _("Choose where to send the visitor."), onChange: askService });
  const service = el("select", { name: "service" });
  const serviceField = el("label", { class: "field", hidden: true }, el("span", {}, _("For which service")), service);
  const fault = el("p", { class: "problem", role: "alert", hidden: true });
  const note = el("textarea", { maxlength: LONGEST_NOTE, rows: "4" });
  let places = new Map();
  service.addEventListener("change", () => (fault.hidden = true));

  function update() {
    const found = placesFor(ticket, here, choices());
    places = new Map(found.map((place) => [place.item.id, place]));
    list.update(found.map(({ item }) => item));
  }

  // A desk keeps the visitor's service where it gives it too; otherwise it is asked which of its own.
  function askService(id) {
    const { codes = [] } = places.get(id) ?? {};
    const keeps = codes.includes(ticket.service);
    const options = codes.map((code) => el("option", { value: code, selected: code === ticket.service }, serviceName(choices(), code)));
    service.replaceChildren(...(keeps || codes.length === 1 ? [] : [el("option", { value: "" }, _("Choose the service"))]), ...options);
    serviceField.hidden = codes.length < 2;
    fault.hidden = true;
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
          first,
          serviceField,
          fault,
          el("label", { class: "field" }, el("span", {}, _("Note for the colleague")), note),
          last,
        ),
      ),
    ],
    words: _("Send on"),
    onDraw: update,
    read() {
      const id = list.read();
      if (id === null) return null;
      const { to, codes } = places.get(id);
      const body = { ticket: ticket.id, note: note.value.trim(), ...more(), ...to };
      if (!codes || service.value === ticket.service) return body;
      if (service.value) return { ...body, service: service.value };
      fault.textContent = _("This desk gives other services: choose one.");
      fault.hidden = false;
      service.focus();
      return null;
    },
  };
}

/** Ask which service is given to somebody who has no ticket: one of this desk's own, for no other would be counted. */
export function withoutTicketQuestion(here, choices) {
  const list = picker({ label: _("Service"), missing: _("Choose the service.") });
  const update = () => {
    const { services, desks } = choices();
    const own = desks.find((desk) => desk.desk === here)?.services ?? [];
    list.update(services.filter(({ code }) => own.includes(code)).map((service) => serviceItem(service, _("Services of this desk"))));
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

/**
 * A service to choose, with who waits and who serves.
 * @param {{code: string, name: any, waiting: number, desks_open: number}} service
 * @param {string} [group] its heading
 */
export function serviceItem({ code, name: names, waiting, desks_open: open }, group = _("Services")) {
  const desks = open ? ngettext("%(n)s desk open", "%(n)s desks open", open) : _("no desk open");
  const second = [_("waiting: %(n)s", { n: waiting }), desks].join(" · ");
  return { id: `service:${code}`, group, words: name(names), second, quiet: !open };
}

/** Where a visitor may go: `to` of the request, and the services of a desk or of the one where an operator works. */
function placesFor(ticket, here, now) {
  const given = (code) => code === ticket.service || now.services.some((service) => service.code === code);
  const desks = now.desks
    .filter(({ desk }) => desk !== here)
    .map((desk) => ({ ...desk, codes: desk.services.filter(given) }))
    .filter(({ codes }) => codes.length);
  const atWork = desks.filter(({ operator, state }) => operator && state !== "closed");
  return [
    ...now.services.filter(({ code }) => code !== ticket.service).map((service) => ({ item: serviceItem(service), to: { service: service.code } })),
    ...desks.map((desk) => ({ item: deskItem(desk, now), to: { desk: desk.desk }, codes: desk.codes })),
    ...atWork.map((desk) => ({ item: operatorItem(desk), to: { operator: desk.operator }, codes: desk.codes })),
  ];
}

function deskItem(desk, now) {
  const second = desk.codes.map((code) => serviceName(now, code)).join(", ");
  return { id: `desk:${desk.desk}`, group: _("Desks"), words: pointName(desk), second, ...deskState(desk) };
}

function operatorItem(desk) {
  return { id: `operator:${desk.operator}`, group: _("Operators"), words: desk.operator, second: pointName(desk), ...deskState(desk) };
}

function deskState({ state }) {
  return { sign: { open: _("At work"), break: _("On a break"), closed: _("Closed") }[state], quiet: state !== "open" };
}

function serviceName({ services }, code) {
  return name(services.find((service) => service.code === code)?.name) || code;
}
