// How many bookings cannot stand, on a link to the bookings of an office: <a data-conflicts-of="office">.
import { el } from "/shared/draw.js";
import { _, loadWords, ngettext } from "/shared/words.js";
import { ask } from "../api.js";

/** A schedule changes seldom: this often is soon enough. */
const REFRESH_MS = 60_000;

const link = document.querySelector("a[data-conflicts-of]");
const sign = link && el("span", { class: "badge", hidden: true });

async function refresh() {
  const answer = await ask(`offices/${link.dataset.conflictsOf}/booking-conflicts`);
  if (!answer.ok) return;
  const n = answer.data.bookings.length;
  sign.hidden = !n;
  // An office that takes no bookings any more may still have some.
  if (n) link.hidden = false;
  sign.replaceChildren(el("span", { "aria-hidden": "true" }, `▲ ${n}`), el("span", { class: "visually-hidden" }, ngettext("%(n)s booking cannot stand", "%(n)s bookings cannot stand", n)));
  link.title = n ? _("Bookings that cannot stand: %(n)s", { n }) : "";
}

if (link) {
  await loadWords("web", document.documentElement.lang);
  link.append(sign);
  await refresh();
  setInterval(refresh, REFRESH_MS);
}
