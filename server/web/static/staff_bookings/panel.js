// The page's panel: tabs for the day and the conflicts, search and filters, the rows, the booking in hand below.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { actButton, enable } from "../desk/button.js";
import { listTabs } from "../desk/list_tabs.js";
import { bookingInHand } from "./in_hand.js";
import { bookingLists } from "./lists.js";
import { STATES, stateWords } from "./words.js";

/**
 * @param {HTMLElement} section
 * @param {object} options
 * @param {any} options.facts `lists()` answers {day, conflicts}, arrays of StaffBooking, null before the first answer
 * @param {boolean} options.mayManage
 * @param {boolean} options.mayPrint
 * @param {(act: string, booking: any) => void} options.onAct
 * @param {() => void} options.onTellAll
 */
export function bookingsPanel(section, { facts, mayManage, mayPrint, onAct, onTellAll }) {
  const lists = bookingLists(facts, { onChoose: choose, onKey });
  const hand = bookingInHand({ facts, mayManage, mayPrint, onAct });
  const search = el("input", { type: "text", id: "search", "aria-keyshortcuts": "F", placeholder: _("Code, ticket"), "aria-label": _("Find a code, a ticket or a name"), autocomplete: "off" });
  const service = el("select", { id: "service", "aria-keyshortcuts": "S", "aria-label": _("Service") });
  const state = el("select", { id: "state", "aria-label": _("State") }, el("option", { value: "" }, _("All states")), STATES.map((one) => el("option", { value: one }, stateWords(one).join(" "))));
  const tellAll = actButton("primary slim", _("Tell all who were not told"), "A", onTellAll);
  const empty = el("p", { class: "quiet empty-line" });
  const tabs = listTabs(lists, { label: _("Lists of bookings"), elements: ({ list }) => [list.element, empty], onShow });
  const tools = el(
    "div",
    { class: "tools" },
    mayManage ? tellAll : null,
    el("label", { class: "find-field" }, el("kbd", { "aria-hidden": "true" }, "F"), search),
    el("label", { class: "find-field" }, el("kbd", { "aria-hidden": "true" }, "S"), service),
    el("label", { class: "find-field no-key" }, state),
  );
  section.replaceChildren(el("div", { class: "head" }, tabs.bar, tools), tabs.panel, hand.element);
  let shown = null;
  let chosen = null;
  let ready = false;
  let options = "";
  tabs.show(lists[0]);

  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.code === "Escape" && search.value) search.value = "";
    else if (event.code === "Escape") tabs.panel.focus();
    else if (!["Enter", "NumpadEnter", "ArrowDown"].includes(event.code)) return;
    else shown.list.focus();
    event.preventDefault();
    draw();
  });
  for (const filter of [service, state]) filter.addEventListener("change", draw);

  function onShow(tab) {
    shown = tab;
    chosen = null;
    state.parentElement.hidden = shown.code !== "day";
    draw();
  }

  function choose(id) {
    if (chosen === id) return;
    chosen = id;
    drawHand();
  }

  function known(id) {
    return facts.lists()?.[shown.code].find((one) => one.id === id) ?? null;
  }

  function onKey(event, id) {
    if (["Enter", "NumpadEnter"].includes(event.code)) return hand.focus();
    return actByKey(event, id);
  }

  function actByKey(event, id) {
    const booking = known(id);
    return Boolean(booking) && hand.press(event.code, booking);
  }

  function draw() {
    const bookings = facts.lists();
    if (!bookings) return;
    drawServices([...bookings.day, ...bookings.conflicts]);
    tabs.count(bookings);
    const found = bookings[shown.code].filter(fits);
    empty.textContent = found.length ? "" : bookings[shown.code].length ? _("No booking fits the search.") : shown.empty();
    shown.list.draw(found);
    if (!found.some((booking) => booking.id === chosen)) chosen = null;
    tellAll.hidden = shown.code !== "conflicts" || !bookings.conflicts.length;
    enable(tellAll, ready && bookings.conflicts.some((booking) => !booking.noticed_at));
    drawHand();
  }

  function fits(booking) {
    if (service.value && booking.service !== service.value) return false;
    if (shown.code === "day" && state.value && booking.state !== state.value) return false;
    const wanted = search.value.replace(/\s/g, "").toLocaleLowerCase();
    const texts = [booking.code, booking.number, booking.name].map((text) => (text ?? "").replace(/\s/g, "").toLocaleLowerCase());
    return texts.some((text) => text.includes(wanted));
  }

  function drawHand() {
    const booking = known(chosen);
    shown.list.mark(booking?.id ?? null);
    hand.draw(booking, ready);
  }

  function drawServices(bookings) {
    const names = new Map(bookings.map((booking) => [booking.service, name(booking.service_name)]));
    const kept = service.value;
    // Who has filtered stays filtered, also on a day without this service.
    if (kept && !names.has(kept)) names.set(kept, service.selectedOptions[0].textContent);
    const now = JSON.stringify([...names].sort());
    if (now === options) return;
    options = now;
    service.replaceChildren(el("option", { value: "" }, _("All services")), ...[...names].sort(([, a], [, b]) => a.localeCompare(b)).map(([code, words]) => el("option", { value: code }, words)));
    service.value = kept;
  }

  return {
    /** @param {boolean} mayAct false while a command is under way or contact is lost */
    draw(mayAct) {
      ready = mayAct;
      draw();
    },
    /** A key of the panel: 1 and 2 show a list, F and S find and filter, A tells all, an act's key is for the booking in hand. */
    press(event) {
      if (tabs.press(event)) return true;
      if (event.code === "KeyF") {
        search.focus();
        search.select();
      } else if (event.code === "KeyS") service.focus();
      else if (event.code === "KeyA" && mayManage && !tellAll.hidden) tellAll.click();
      else return hand.element.contains(event.target) && actByKey(event, chosen);
      return true;
    },
  };
}
