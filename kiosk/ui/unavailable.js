// A service that gives no ticket now: why, since when again, and what to do instead.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { backButton, mainButton, numbered } from "./buttons.js";
import { bigSign, icon } from "./frame.js";
import { findService, hotLine, whenOpen, whyClosed } from "./service_words.js";

/** @param {import("./confirm.js").Wish} details */
export function unavailableScreen(page, details) {
  const service = findService(page.state, details.service);
  const office = page.state.office;
  const byBooking = service?.state === "booking_only";
  const lines = byBooking
    ? [_("Visitors are received for this service by booking only.")]
    : [service ? whyClosed(service) : _("Not received now"), service && whenOpen(service)];
  const book = () => page.go("booking", { by: "code", digits: "" });
  const home = mainButton(_("To the start"), page.home);
  const text = lines.filter(Boolean);
  const read = () => page.go("information", { ...details, back: () => page.go("unavailable", details) });
  return {
    elements: [
      bigSign(service?.picture),
      el("h1", { tabindex: "-1" }, name(service?.name) || _("This service is not received now")),
      ...text.map((line) => el("p", { class: "sentence" }, line)),
      hotLine(office),
      byBooking && office.bookings ? mainButton(_("I have a booking"), book) : home,
      el(
        "div",
        { class: "others" },
        backButton(details.back),
        name(service?.documents) && numbered("second more", 2, read, icon("document"), _("What to bring")),
      ),
    ].filter(Boolean),
    say: text.join(". "),
    update() {
      if (findService(page.state, details.service)?.state === "open") page.go("confirm", details);
    },
  };
}
