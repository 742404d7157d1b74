// Issuing a ticket by hand: service, category, language, further services; then the number, large, and the slip.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";
import { picker } from "../desk/picker.js";
import { serviceItem } from "../desk/transfer.js";
import { typing } from "./acts.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };
const MOST_FURTHER = 4;
/** Issue without a slip; Enter issues and prints. */
const WITHOUT_SLIP = "F2";

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} options
 * @param {string[]} options.languages of the office
 * @param {(body: any) => Promise<{ok: boolean, data?: any, detail?: string}>} options.send
 * @param {(ticket: string) => boolean} options.print open the slip; false when the browser did not let it
 */
export function issueBox(dialog, { languages, send, print }) {
  let ready = false;
  let sending = false;
  let buttons = [];

  function rest() {
    for (const made of buttons) enable(made, ready && !sending);
  }

  /** @param {any} view HallView @param {any[]} categories */
  function ask(view, categories) {
    const services = view.services.filter((one) => one.state === "open");
    const service = picker({ label: _("Service"), missing: _("Choose the service."), onChange: (id) => further.leaveOut(codeOf(id)) });
    const category = el("select", { id: "issue-category" }, el("option", { value: "" }, _("No category")));
    category.append(...categories.map((one) => el("option", { value: one.code }, name(one.name))));
    const radios = languages.map((code) => el("input", { type: "radio", name: "language", value: code, checked: code === languages[0] }));
    const further = furtherServices(services);
    service.update(services.map((one) => serviceItem(one)));
    const fault = el("p", { class: "problem", role: "alert", hidden: true });
    const issueAndPrint = actButton("primary", _("Issue and print"), "Enter", () => {});
    issueAndPrint.type = "submit";
    const issue = actButton("", _("Issue"), WITHOUT_SLIP, () => go(false));
    buttons = [issueAndPrint, issue];
    const form = el(
      "form",
      { novalidate: true, autocomplete: "off" },
      el("h2", { id: "issue-title" }, _("Issue a ticket")),
      el(
        "div",
        { class: "halves" },
        service.element,
        el(
          "div",
          { class: "half" },
          el("label", { class: "field" }, el("span", {}, _("Priority category")), category, el("small", { class: "second" }, _("Ask quietly; it is neither printed nor announced."))),
          el("fieldset", {}, el("legend", {}, _("Language")), el("div", { class: "choices" }, radios.map((made) => el("label", { class: "choice" }, made, LANGUAGES[made.value])))),
          further.element,
        ),
      ),
      fault,
      el("div", { class: "acts" }, issueAndPrint, issue, back(_("Back"))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!rests(issueAndPrint)) go(true);
    });
    open(form);
    service.element.querySelector("input").focus();

    async function go(withSlip) {
      const id = service.read();
      if (id === null) return;
      sending = true;
      rest();
      const body = { service: codeOf(id), language: radios.find((made) => made.checked).value, then: further.chosen() };
      if (category.value) body.category = category.value;
      const answer = await send(body);
      sending = false;
      rest();
      if (!dialog.open) return;
      fault.textContent = answer.ok ? "" : answer.detail;
      fault.hidden = answer.ok;
      if (answer.ok) done(answer.data, services, withSlip && !print(answer.data.id), () => ask(view, categories));
    }
  }

  function done(ticket, services, notPrinted, again) {
    const number = el("p", { class: "issued number", tabindex: "-1" }, ticket.number);
    const another = actButton("", _("Another ticket"), "N", again);
    const slip = actButton("", _("Print the slip"), "P", () => {
      hint.hidden = print(ticket.id);
    });
    const hint = el("p", { class: "problem", role: "alert", hidden: !notPrinted }, _("The browser did not open the slip. Allow windows for this page or press “Print the slip”."));
    buttons = [];
    open(
      el(
        "div",
        { class: "stack" },
        el("h2", { id: "issue-title" }, _("The ticket is issued")),
        number,
        el("p", { class: "issued-service" }, name(services.find((one) => one.code === ticket.service)?.name)),
        el("p", {}, ahead(ticket.ahead), ". ", expectedWait(ticket)),
        hint,
        el("div", { class: "acts" }, back(_("Done"), "primary"), another, slip),
      ),
    );
    dialog.querySelector(".acts .primary").focus();
  }

  function open(content) {
    dialog.replaceChildren(content);
    dialog.setAttribute("aria-labelledby", "issue-title");
    if (!dialog.open) dialog.showModal();
    rest();
  }

  function back(words, kind = "") {
    return actButton(kind, words, "Esc", () => dialog.close());
  }

  return {
    get open() {
      return dialog.open;
    },
    ask,
    /** Let the buttons work or rest. @param {boolean} mayAct */
    check(mayAct) {
      ready = mayAct;
      rest();
    },
    /** A key pressed while the dialog is open: each button shows its own. @param {KeyboardEvent} event */
    press(event) {
      const sign = { F2: "F2", KeyN: "N", KeyP: "P" }[event.code];
      if (!sign || event.repeat || (sign !== "F2" && typing(event))) return;
      const made = [...dialog.querySelectorAll(".acts button")].find((button) => button.lastChild.textContent === sign);
      if (!made) return;
      event.preventDefault();
      if (!rests(made)) made.click();
    },
  };
}

function codeOf(id) {
  return id?.slice("service:".length) ?? null;
}

function furtherServices(services) {
  const order = [];
  const boxes = services.map((one) => el("input", { type: "checkbox", value: one.code }));
  const labels = boxes.map((box) => el("label", { class: "choice" }, box, el("span", {}, name(services.find((one) => one.code === box.value).name))));
  const element = el("details", { class: "further" }, el("summary", {}, _("Further services in the same visit")), el("div", { class: "further-list" }, labels));
  element.addEventListener("change", ({ target }) => {
    if (target.checked) order.push(target.value);
    else order.splice(order.indexOf(target.value), 1);
    for (const box of boxes) box.disabled = !box.checked && order.length >= MOST_FURTHER;
  });
  return {
    element,
    chosen: () => [...order],
    leaveOut(code) {
      boxes.forEach((box, index) => {
        labels[index].hidden = box.value === code;
        if (box.value !== code || !box.checked) return;
        box.checked = false;
        order.splice(order.indexOf(code), 1);
      });
    },
  };
}

function ahead(people) {
  return people ? ngettext("%(n)s person ahead of the visitor", "%(n)s people ahead of the visitor", people) : _("The visitor is next");
}

function expectedWait({ expected_wait: range, expected_wait_minutes: about }) {
  if (range && range.from_minutes !== range.to_minutes) return _("Probable wait: %(from)s–%(to)s min", { from: range.from_minutes, to: range.to_minutes });
  const minutes = range?.to_minutes ?? about;
  return minutes ? ngettext("Probable wait: %(n)s min", "Probable wait: %(n)s min", minutes) : "";
}
