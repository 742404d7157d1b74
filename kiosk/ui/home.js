// The first screen: "What do you need?"; services, or their groups when there are more than eight.

import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { backButton } from "./buttons.js";
import { icon } from "./frame.js";
import { newTap } from "./kiosk_program.js";
import { serviceWords, shownServices } from "./service_words.js";
import { tileList } from "./tiles.js";

const MOST_WITHOUT_GROUPS = 8;
const MOST_WITHOUT_SEARCH = 12;

export function homeScreen(page) {
  const list = tileList(() => firstTiles(page));
  const ways = el("div", { class: "ways" });
  let drawn = "";
  function drawWays() {
    const search = shownServices(page.state).length > MOST_WITHOUT_SEARCH;
    const booking = page.state.office.bookings;
    if (drawn === JSON.stringify([search, booking])) return;
    drawn = JSON.stringify([search, booking]);
    ways.replaceChildren(
      ...[
        search && way("search", _("Find a service"), () => page.go("search", { text: "" })),
        booking && way("booking", _("I have a booking"), () => page.go("booking", { by: "code", digits: "" })),
      ].filter(Boolean),
    );
    ways.hidden = !search && !booking;
  }
  drawWays();
  return {
    elements: [el("h1", { tabindex: "-1" }, _("What do you need?")), ...list.elements, ways],
    say: _("A digit chooses a button, zero goes back"),
    shown: list.fit,
    update() {
      drawWays();
      list.update();
    },
  };
}

/** The services of one group. @param {{group: string}} details */
export function groupScreen(page, details) {
  const group = page.state.office.groups.find((one) => one.code === details.group);
  const inGroup = () => shownServices(page.state).filter((service) => service.group === details.group);
  const back = () => page.go("group", details);
  const list = tileList(() => inGroup().map((service) => serviceTile(page, service, back, true)));
  return {
    elements: [el("h1", { tabindex: "-1" }, name(group?.name)), ...list.elements, backButton(page.home)],
    shown: list.fit,
    update: list.update,
  };
}

/**
 * A service as a button; what it opens depends on its state.
 * @param {() => void} back where "Back" of the next screen leads
 * @param {boolean} [deep] it took a touch to come here: the next screen must be the last
 */
export function serviceTile(page, service, back, deep = false) {
  const screens = { open: "confirm", information: "information", closed: "unavailable", booking_only: "unavailable" };
  return {
    key: service.code,
    name: name(service.name),
    second: serviceWords(service, page.state.offline),
    picture: service.picture,
    resting: service.state === "closed" || service.state === "booking_only",
    onPress: () => page.go(screens[service.state], { service: service.code, tap: newTap(), back, deep }),
  };
}

function firstTiles(page) {
  const services = shownServices(page.state);
  const groups = services.length > MOST_WITHOUT_GROUPS ? page.state.office.groups : [];
  const codes = new Set(groups.map((group) => group.code));
  const tiles = groups
    .map((group) => ({ group, count: services.filter((service) => service.group === group.code).length }))
    .filter(({ count }) => count > 0)
    .map(({ group, count }) => ({
      key: `group-${group.code}`,
      name: name(group.name),
      second: ngettext("%(n)s service", "%(n)s services", count),
      picture: group.picture,
      onPress: () => page.go("group", { group: group.code }),
    }));
  const alone = services.filter((service) => !codes.has(service.group));
  return [...tiles, ...alone.map((service) => serviceTile(page, service, page.home))];
}

function way(sign, text, onclick) {
  return el("button", { class: "second way", "data-way": sign, onclick }, icon(sign), text);
}
