// The visitor in hand: what is known of the chosen row, and the acts on it, always in the same place.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";
import { ACTS, allowed } from "./acts.js";
import { wholeStory } from "./ticket_words.js";

/** @param {{facts: any, mayManage: boolean, onAct: (act: string, ticket: any) => void}} options */
export function inHand({ facts, mayManage, onAct }) {
  const story = el("div", { class: "story" });
  const hint = el("p", { class: "quiet" }, _("Choose a visitor: the acts are here."));
  const acts = el("div", { class: "hand-acts", role: "group" });
  const element = el("section", { class: "hand", "aria-label": _("Visitor in hand") }, hint, story, acts);
  let ticket = null;
  let drawn = "";
  let buttons = [];
  let shownActs = null;

  function show(names) {
    shownActs = names;
    buttons = (mayManage ? names : []).map((act) => {
      const made = actButton("act", ACTS[act].words(), ACTS[act].sign, () => ticket && onAct(act, ticket));
      made.dataset.act = act;
      made.setAttribute("aria-keyshortcuts", ACTS[act].sign);
      return made;
    });
    acts.replaceChildren(...buttons);
  }

  return {
    element,
    /** @param {any} chosen TicketView or null @param {string[]} names of the acts of its list @param {boolean} ready */
    draw(chosen, names, ready) {
      const lost = acts.contains(document.activeElement) && (!chosen || chosen.id !== ticket?.id);
      ticket = chosen;
      if (names !== shownActs) show(names);
      hint.hidden = Boolean(ticket);
      acts.hidden = !ticket || !buttons.length;
      const content = ticket
        ? [el("h2", {}, el("span", { class: "number" }, ticket.number), " ", name(ticket.service_name)), ...wholeStory(ticket, facts)]
        : [];
      const now = content.map((one) => one.outerHTML).join("");
      if (now !== drawn) story.replaceChildren(...content);
      drawn = now;
      for (const made of buttons) enable(made, ready && Boolean(ticket) && allowed(made.dataset.act, ticket));
      // The visitor in hand has gone: the next key must not act on another.
      if (lost) document.getElementById("list").focus({ preventScroll: true });
    },
    /** Go to the first act. @returns {boolean} false when there is none */
    focus() {
      buttons.find((made) => !rests(made))?.focus();
      return acts.contains(document.activeElement);
    },
    /** An act's key for this ticket. @param {string} code @param {any} wanted @returns {boolean} whether it was one */
    press(code, wanted) {
      const made = buttons.find((button) => ACTS[button.dataset.act].code === code);
      if (!made) return false;
      if (!rests(made)) onAct(made.dataset.act, wanted);
      return true;
    },
  };
}
