// After a choice: what will happen, one button; and quietly beside it, the right to be served first.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { placeWords } from "./busy.js";
import { awaitAnswer, backButton, isAwaiting, mainButton, numbered } from "./buttons.js";
import { bigSign, icon } from "./frame.js";
import { canPrint, takeTicket } from "./kiosk_program.js";
import { findService } from "./service_words.js";
import { tileList } from "./tiles.js";

/**
 * What was chosen. `back` is where "Back" leads; `deep`: it took a touch to come to the service, so the
 * right to be served first is asked here and not on a further screen (at most three touches to a ticket).
 * @typedef {{service: string, tap: string, category?: string, back: () => void, deep?: boolean}} Wish
 */

/** @param {Wish} details */
export function confirmScreen(page, details) {
  const service = findService(page.state, details.service);
  if (service?.state !== "open") return lost(page);
  const busy = el("p", { class: "sentence ahead" });
  const hint = name(service.hint);
  const take = mainButton(_("Take a ticket"), () => ask(page, details, take));
  const documents = name(service.documents);
  const more = documents || name(service.information);
  const read = () => page.go("information", { ...details, back: () => page.go("confirm", details) });
  const others = el(
    "div",
    { class: "others" },
    backButton(details.back),
    more && numbered("second more", 2, read, icon("document"), documents ? _("What to bring") : _("About the service")),
  );
  const asksFirst = page.state.office.categories.length > 0;
  const right = asksFirst && details.deep && rightSection(page, details);
  if (asksFirst && !right) {
    const toRight = () => page.go("category", details);
    others.append(numbered("second first-served", 3, toRight, icon("first"), mayBeFirst()));
  }

  /** Everything on one screen: where it is long, words give way, and what is touched stands closer. */
  function fit() {
    if (!right) return;
    const main = right.parentElement;
    main.classList.remove("dense");
    main.classList.toggle("dense", main.scrollHeight > main.clientHeight + 1);
  }

  function update() {
    const now = findService(page.state, details.service);
    if (now?.state !== "open") return page.go("confirm", details);
    const words = page.state.offline ? "" : `${placeWords(now.waiting, now.expected_wait)}.`;
    const text = [words, _("Take a ticket?")].filter(Boolean).join(" ");
    if (busy.textContent !== text) busy.textContent = text;
  }
  update();
  return {
    elements: [
      right ? null : bigSign(service.picture),
      el("h1", { tabindex: "-1" }, name(service.name)),
      busy,
      hint && el("p", { class: "sentence quiet besides" }, hint),
      el("p", { class: canPrint(page.state) ? "sentence besides" : "sentence" }, paperWords(page.state)),
      take,
      right,
      others,
    ].filter(Boolean),
    say: busy.textContent,
    shown: fit,
    leave: () => right && right.parentElement.classList.remove("dense"),
    update,
  };
}

/** One touch on a category is the ticket: no fourth touch. @param {Wish} details */
export function categoryScreen(page, details) {
  const tiles = () =>
    page.state.office.categories.map((category) => ({
      key: category.code,
      name: name(category.name),
      onPress: () => ask(page, { ...details, category: category.code }, list.elements[0]),
    }));
  // Never on a second page: a page turned would be a fourth touch. What is long scrolls.
  const list = tileList(tiles, Infinity);
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("Who is served first")),
      el("p", { class: "sentence" }, touchYourLine()),
      ...list.elements,
      backButton(() => page.go("confirm", details)),
    ],
    shown: list.fit,
  };
}

/**
 * Ask for the ticket and show what came of it. Buttons rest meanwhile; the same tap never gives two.
 * @param {Wish} details
 * @param {HTMLElement} pressed the button, or the list of them
 */
export async function ask(page, details, pressed) {
  if (isAwaiting()) return;
  awaitAnswer(pressed);
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

/** The categories on the same screen; digits from 4 on press them, 1 to 3 are taken. */
function rightSection(page, details) {
  const list = el("div", { class: "right-list" });
  list.append(
    ...page.state.office.categories.map((category, place) => {
      const act = () => ask(page, { ...details, category: category.code }, list);
      const words = name(category.name);
      const made =
        place < 6 ? numbered("second", place + 4, act, words) : el("button", { class: "second", onclick: act }, words);
      made.dataset.key = category.code;
      return made;
    }),
  );
  return el(
    "section",
    { class: "right", "aria-labelledby": "right-title" },
    el("h2", { id: "right-title" }, mayBeFirst()),
    el("p", { class: "sentence quiet" }, touchYourLine()),
    list,
  );
}

function mayBeFirst() {
  return _("Do you have the right to be served first?");
}

function touchYourLine() {
  return _("Touch your line and the ticket is printed. It does not name the reason. Staff may ask for a document.");
}

function paperWords(state) {
  return canPrint(state)
    ? _("You will get a paper ticket with a number. You will be called by it.")
    : _("There is no paper now. Your number will stand on the screen: remember or photograph it.");
}

/** The service went away while the visitor looked at it. */
function lost(page) {
  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("This service is not received now")),
      mainButton(_("To the start"), page.home),
    ],
  };
}
