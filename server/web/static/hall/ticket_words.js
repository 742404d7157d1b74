// What the hall's rows say of a ticket beside its place: its signs, who alone may call it, its whole story.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { pointName } from "../desk/choices.js";
import { onlyFor, stepsWords, whyHere } from "../desk/ticket_words.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };

/** A desk's name by its id. @param {any} view HallView @param {string} desk */
export function deskName(view, desk) {
  const found = view.desks.find((one) => one.desk === desk);
  return found ? pointName(found) : desk;
}

/** Why the ticket has its place, in words. @param {any} ticket @param {any} facts */
export function reasonWords(ticket, { view, timeHere }) {
  return whyHere(ticket, { timeHere, deskName: (desk) => deskName(view(), desk) });
}

/** A reason's name from the company's list; own words come as a remark of the same kind. */
export function reasonName(code, choices, ticket, kind) {
  if (!code) return "";
  const own = code === "other" && ticket?.remarks.findLast((remark) => remark.kind === kind)?.text;
  return own || name(choices?.find((choice) => choice.code === code)?.name) || (code === "other" ? _("other reason") : code);
}

/** Short signs of a row: category, who alone may call, booked, remarks. @returns {Node[]} */
export function signs(ticket, { view, categoryName, timeHere }) {
  const only = onlyFor(ticket, (desk) => deskName(view(), desk));
  const told = ["booked", "early"].includes(ticket.reason);
  return [
    ticket.category && el("span", { class: "sign category" }, "★ ", categoryName(ticket.category)),
    only && el("span", { class: "sign" }, only),
    ticket.booked_for && !told && el("span", { class: "sign" }, _("booked for %(time)s", { time: timeHere(ticket.booked_for) })),
    ticket.remarks.length > 0 && el("span", { class: "sign" }, "✎ ", _("Note")),
  ].filter(Boolean);
}

/** All that is known of a ticket, for the one in hand: facts in one line, then the remarks. @returns {Node[]} */
export function wholeStory(ticket, { view, timeHere }) {
  const then = stepsWords(ticket, (desk) => deskName(view(), desk));
  const facts = [
    _("came at %(time)s", { time: timeHere(ticket.joined_at) }),
    LANGUAGES[ticket.language] ?? ticket.language,
    ticket.overtaken > 0 && _("overtaken: %(n)s", { n: ticket.overtaken }),
    then && _("then: %(services)s", { services: then }),
  ];
  const remarks = ticket.remarks.map((remark) =>
    el("li", {}, `«${remark.text}» `, el("span", { class: "quiet" }, `${remark.actor}, ${timeHere(remark.at)}`)),
  );
  return [el("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")), remarks.length > 0 && el("ul", { class: "remarks" }, remarks)].filter(Boolean);
}
