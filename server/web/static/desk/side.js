// The right half of the console: tabs for the queue, those put aside and the no-shows, one list at a time.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { chorded } from "./acts.js";
import { heldList } from "./held.js";
import { waitingList } from "./line.js";
import { listTabs } from "./list_tabs.js";
import { missedList } from "./missed.js";

/**
 * Make the half's elements once and keep them in step with the state.
 * @param {HTMLElement} section
 * @param {object} options
 * @param {any} options.choices see `officeChoices`
 * @param {(instant: string) => string} options.timeHere local wall time at the office
 * @param {(act: string, ticket: any) => void} options.onAct an act on a visitor of a list
 * @param {() => void} options.onSettled
 */
export function sidePanel(section, options) {
  const lists = [
    { code: "waiting", list: waitingList(options), words: (n) => _("Queue (%(n)s)", { n }) },
    { code: "held", list: heldList(options), words: (n) => _("Put aside (%(n)s)", { n }) },
    { code: "missed", list: missedList(options), words: (n) => _("No-shows (%(n)s)", { n }) },
  ];
  const tabs = listTabs(lists, { label: _("Lists of visitors"), elements: ({ list }) => list.elements, onShow });
  const tools = el("div", { class: "tools" });
  let shown = null;
  section.replaceChildren(tabs.bar, tools, tabs.panel);
  tabs.show(lists[0]);

  function onShow(tab) {
    shown = tab;
    tools.replaceChildren(...shown.list.tools);
    tools.hidden = !shown.list.tools.length;
  }

  return {
    /** @param {any} view DeskView @param {boolean} ready false while a command is under way or contact is lost */
    draw(view, ready) {
      tabs.count(view);
      for (const { list } of lists) list.draw(view, ready);
      this.tick(view);
    },
    /** Move the times on without drawing anything anew. */
    tick(view) {
      for (const { list } of lists) list.tick(view);
    },
    /** A key of this half: 1, 2, 3 show a list and go into it, M and F filter the queue. @returns {boolean} whether it was one */
    press(event) {
      if (event.repeat || event.shiftKey || chorded(event)) return false;
      if (tabs.press(event)) return true;
      if (shown !== lists[0]) return false;
      if (event.code === "KeyM") shown.list.toggle();
      else if (event.code === "KeyF") shown.list.chooseService();
      else return false;
      return true;
    },
  };
}
