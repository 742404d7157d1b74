// Booking for a caller on one sheet: service, day, time, who it is, the consent read out; then the code, large.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";
import { timePicker } from "./times.js";
import { dayAndTime, dayOf, spokenCode, tellWords } from "./words.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };
/** Which field a refusal is about. */
const FIELD = { bad_phone: "phone", bad_email: "email", consent_needed: "consent" };

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} options
 * @param {string} options.office
 * @param {string} options.timezone
 * @param {(instant: string) => string} options.timeHere
 * @param {(body: any) => Promise<any>} options.send books; answers as `api.send`, `detail` null when it was not the moment
 */
export function callerBox(dialog, { office, timezone, timeHere, send }) {
  let ready = false;
  let sending = false;
  let submit = null;
  let pause = null;

  function rest() {
    if (submit) enable(submit, ready && !sending);
  }

  /** @param {any} rules BookingRules */
  function ask(rules) {
    const service = select("service", _("Service"), [["", _("Choose the service")], ...rules.services.map((one) => [one.code, name(one.name)])]);
    const count = select("count", _("Matters at once"), []);
    const times = timePicker({ office, timeHere });
    const who = text("name", _("Name or initials"), 80);
    const phone = text("phone", _("Phone"), 30, "tel");
    const email = text("email", _("E-mail"), 120, "email");
    const language = select("language", _("Language of messages"), rules.languages.map((code) => [code, LANGUAGES[code]]));
    const channel = select("channel", _("Asks"), [["phone", _("by phone")], ["reception", _("at the reception")]]);
    const said = el("p", { class: "said", id: "said" });
    const agreed = el("input", { type: "checkbox", "aria-describedby": "said fault-consent" });
    const consent = field("consent", agreed, el("label", { class: "choice" }, agreed, el("span", {}, _("The caller has heard this and agrees"))));
    const fields = { service, name: who, phone, email, consent };
    const fault = el("p", { class: "problem", role: "alert", hidden: true });
    pause = el("p", { class: "note", role: "status", hidden: true }, _("No contact with the server: wait, nothing is lost."));
    submit = actButton("primary", _("Book"), "Enter", () => {});
    submit.type = "submit";
    const form = el(
      "form",
      { novalidate: true, autocomplete: "off" },
      el("h2", { id: "caller-title" }, _("Book for a caller")),
      el(
        "div",
        { class: "sheet" },
        el("div", { class: "half" }, el("div", { class: "pair" }, service.element, count.element), times.element),
        el(
          "div",
          { class: "half" },
          who.element,
          el("div", { class: "pair" }, phone.element, email.element),
          el("p", { class: "second" }, _("Without a phone or an e-mail nobody can tell the visitor of a change.")),
          el("div", { class: "pair" }, language.element, channel.element),
          el("div", {}, el("h3", {}, _("Read out to the caller:")), said),
          consent.element,
        ),
      ),
      fault,
      pause,
      el("div", { class: "acts" }, submit, back(_("Back"))),
    );
    service.input.addEventListener("change", () => {
      drawCounts();
      times.load(wanted());
    });
    count.input.addEventListener("change", () => times.load(wanted()));
    language.input.addEventListener("change", read);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!rests(submit) && !sending) go();
    });
    drawCounts();
    read();
    if (rules.services.length === 1) service.input.value = rules.services[0].code;
    times.load(wanted());
    open(form);
    service.input.focus();

    function wanted() {
      return { service: service.input.value, count: Number(count.input.value || 1) };
    }

    function drawCounts() {
      const most = rules.services.find((one) => one.code === service.input.value)?.most ?? 1;
      count.input.replaceChildren(...Array.from({ length: most }, (_unused, index) => el("option", { value: String(index + 1) }, String(index + 1))));
      count.element.hidden = most < 2;
    }

    function read() {
      const texts = rules.consent.text;
      said.lang = texts[language.input.value] ? language.input.value : "ru";
      said.textContent = texts[said.lang];
    }

    async function go() {
      for (const one of Object.values(fields)) one.say("");
      fault.hidden = true;
      if (!service.input.value) return service.say(_("Choose the service."));
      const at = times.read();
      if (!at) return undefined;
      if (!who.input.value.trim()) return who.say(_("Ask for the name: initials are enough."));
      if (!agreed.checked) return consent.say(_("Without the consent nothing may be booked."));
      sending = true;
      rest();
      const answer = await send({
        ...wanted(),
        at,
        name: who.input.value.trim(),
        phone: phone.input.value.trim() || null,
        email: email.input.value.trim() || null,
        language: language.input.value,
        channel: channel.input.value,
        consent: true,
      });
      sending = false;
      rest();
      if (!dialog.open || !form.isConnected) return undefined;
      if (answer.ok) return done(answer.data, rules);
      if (answer.detail === null) return undefined;
      if (answer.code === "slot_taken") return times.offer(answer.detail, answer.nearest, { ...wanted(), day: dayOf(at, timezone) });
      if (FIELD[answer.code]) return fields[FIELD[answer.code]].say(answer.detail);
      fault.textContent = answer.detail;
      fault.hidden = false;
      return undefined;
    }
  }

  function done(booking, rules) {
    const when = dayAndTime(booking.starts_at, timezone, timeHere);
    submit = null;
    open(
      el(
        "div",
        { class: "stack", role: "status" },
        el("h2", { id: "caller-title" }, _("It is booked")),
        el("p", {}, _("Read the code out to the caller:")),
        el("p", { class: "big-code number" }, spokenCode(booking.code)),
        el("p", { class: "big-time" }, `${when} · ${name(booking.service_name)}`),
        el("p", {}, tellWords(booking)),
        el("div", { class: "acts" }, back(_("Done"), "primary"), actButton("", _("Another booking"), "N", () => ask(rules))),
      ),
    );
    dialog.querySelector(".acts .primary").focus();
  }

  function open(content) {
    dialog.replaceChildren(content);
    dialog.setAttribute("aria-labelledby", "caller-title");
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
    /** Let the button work or rest. @param {boolean} mayAct @param {boolean} online */
    check(mayAct, online) {
      ready = mayAct;
      if (pause) pause.hidden = online;
      rest();
    },
    /** A key pressed while the dialog is open. @param {KeyboardEvent} event */
    press(event) {
      const another = event.code === "KeyN" && !submit && dialog.querySelector(".acts button:last-child");
      if (!another || event.repeat) return;
      event.preventDefault();
      another.click();
    },
  };
}

/** A field with its label, and its fault beside it. */
function field(key, input, inside) {
  const fault = el("p", { class: "problem", id: `fault-${key}`, role: "alert", hidden: true });
  const element = el("div", { class: "with-fault" }, inside, fault);
  return {
    element,
    input,
    /** Say what is wrong and go there; empty takes the words away. */
    say(words) {
      fault.textContent = words;
      fault.hidden = !words;
      input.setAttribute("aria-invalid", String(Boolean(words)));
      if (words) input.focus();
    },
  };
}

function labelled(key, label, input) {
  return field(key, input, el("label", { class: "field" }, el("span", {}, label), input));
}

function text(key, label, longest, type = "text") {
  return labelled(key, label, el("input", { type, name: `caller-${key}`, maxlength: longest, autocomplete: "off", spellcheck: "false", "aria-describedby": `fault-${key}` }));
}

function select(key, label, options) {
  return labelled(key, label, el("select", { name: `caller-${key}`, "aria-describedby": `fault-${key}` }, options.map(([value, words]) => el("option", { value }, words))));
}
