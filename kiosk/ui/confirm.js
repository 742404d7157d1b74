// After a choice: what will happen, one button; and quietly beside it, the right to be served first.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { busyWords } from "./busy.js";
import { icon } from "./frame.js";
import { takeTicket } from "./kiosk_program.js";

const find = (page, code) => page.state.office.services.find((service) => service.code === code);

/** @param {{service: string, tap: string}} details */
export function confirmScreen(page, details) {
  const service = find(page, details.service);
  if (!service) return lost(page);
  const busy = el("p", { class: "sentence" }, busyWords(service));
  const hint = name(service.hint);
  const take = el("button", { class: "primary act", onclick: () => ask(page, details, take) }, _("Take a ticket"));
  const categories = page.state.office.categories.length > 0;
  return {
    elements: [
      el("h1", { tabindex: "-1" }, name(service.name)),
      busy,
      hint && el("p", { class: "sentence quiet" }, hint),
      el("p", { class: "sentence" }, _("You will get a paper ticket with a number. You will be called by it.")),
      take,
      el(
        "div",
        { class: "others" },
        backButton(() => page.home()),
        categories &&
          el(
            "button",
            { class: "second first-served", onclick: () => page.go("category", details) },
            _("Do you have the right to be served first?"),
          ),
      ),
    ].filter(Boolean),
    update() {
      const now = find(page, details.service);
      if (now) busy.textContent = busyWords(now);
    },
  };
}

/** One touch on a category is the ticket: no fourth touch. @param {{service: string, tap: string}} details */
export function categoryScreen(page, details) {
  const list = el("div", { class: "services" });
  list.append(
    ...page.state.office.categories.map((category) =>
      el(
        "button",
        {
          class: "service",
          "data-category": category.code,
          onclick: () => ask(page, { ...details, category: category.code }, list),
        },
        el("span", { class: "service-words" }, el("span", { class: "service-name" }, name(category.name))),
        icon("next"),
      ),
    ),
  );
  list.classList.toggle("two-columns", page.state.office.categories.length > 4);
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("Who is served first")),
      el(
        "p",
        { class: "sentence" },
        _("Touch your line and the ticket is printed. It does not name the reason. Staff may ask for a document."),
      ),
      list,
      backButton(() => page.go("confirm", details)),
    ],
  };
}

function backButton(onclick) {
  return el("button", { class: "second back", onclick }, icon("back"), _("Back"));
}

/** The service went away while the visitor looked at it. */
function lost(page) {
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("This service is not received now")),
      el("button", { class: "primary act", onclick: page.home }, _("To the start")),
    ],
  };
}

/**
 * Ask for the ticket and show what came of it. Buttons rest meanwhile; the same tap never gives two.
 * @param {{service: string, category?: string, tap: string}} details
 * @param {HTMLElement} pressed the button, or the list of them
 */
async function ask(page, details, pressed) {
  const buttons = pressed.matches("button") ? [pressed] : [...pressed.querySelectorAll("button")];
  if (buttons.some((button) => button.disabled)) return;
  for (const button of document.querySelectorAll("main button")) button.disabled = true;
  if (pressed.matches("button")) pressed.textContent = _("One moment…");
  const { service, category, tap } = details;
  const result = await takeTicket({ service, category, tap, language: page.language });
  if (result.ticket) page.go("ticket", { ticket: result.ticket, job: result.job });
  else page.go("problem", { ...result, again: () => again(page, details) });
}

/** The same request with the same tap, from the screen that told of the failure. */
async function again(page, details) {
  const button = document.querySelector("main button.primary");
  await ask(page, details, button);
}
