// The right half of the console: tabs for the queue, those put aside and the no-shows, one list at a time.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { chorded, digitOf } from "./acts.js";
import { heldList } from "./held.js";
import { waitingList } from "./line.js";
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
  const tabs = [
    { code: 1, list: waitingList(options), words: (view) => _("Queue (%(n)s)", { n: view.waiting.length }) },
    { code: 2, list: heldList(options), words: (view) => _("Put aside (%(n)s)", { n: view.held.length }) },
    { code: 3, list: missedList(options), words: (view) => _("No-shows (%(n)s)", { n: view.missed.length }) },
  ];
  const panel = el("div", { id: "list", class: "scroll", role: "tabpanel", tabindex: "-1" });
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": _("Lists of visitors") });
  const tools = el("div", { class: "tools" });
  for (const tab of tabs) {
    tab.button = el(
      "button",
      { type: "button", class: "tab", role: "tab", id: `tab-${tab.code}`, "aria-controls": "list", "aria-keyshortcuts": tab.code },
      el("span"),
      el("kbd", { "aria-hidden": "true" }, String(tab.code)),
    );
    tab.button.addEventListener("click", () => choose(tab));
    bar.append(tab.button);
  }
  let shown = null;
  section.replaceChildren(bar, tools, panel);
  choose(tabs[0]);
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: tabs.length - 1, ArrowRight: 1 }[event.code];
    if (!by || chorded(event)) return;
    event.preventDefault();
    choose(tabs[(tabs.indexOf(shown) + by) % tabs.length]);
    shown.button.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.target !== panel || !["ArrowDown", "ArrowUp"].includes(event.code)) return;
    event.preventDefault();
    shown.list.focus();
  });

  function choose(wanted) {
    shown = wanted;
    for (const tab of tabs) {
      tab.button.setAttribute("aria-selected", String(tab === shown));
      tab.button.tabIndex = tab === shown ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", shown.button.id);
    tools.replaceChildren(...shown.list.tools);
    tools.hidden = !shown.list.tools.length;
    panel.replaceChildren(...shown.list.elements);
    panel.scrollTop = 0;
  }

  return {
    /** @param {any} view DeskView @param {boolean} ready false while a command is under way or contact is lost */
    draw(view, ready) {
      for (const { list, button, words } of tabs) {
        list.draw(view, ready);
        const text = words(view);
        if (button.firstChild.textContent !== text) button.firstChild.textContent = text;
      }
      this.tick(view);
    },
    /** Move the times on without drawing anything anew. */
    tick(view) {
      for (const { list } of tabs) list.tick(view);
    },
    /** A key of this half: 1, 2, 3 show a list and go into it, M and F filter the queue. @returns {boolean} whether it was one */
    press(event) {
      if (event.repeat || event.shiftKey || chorded(event)) return false;
      const tab = tabs[Number(digitOf(event) || 0) - 1];
      if (tab) {
        choose(tab);
        if (!tab.list.focus()) panel.focus();
        return true;
      }
      if (shown !== tabs[0]) return false;
      if (event.code === "KeyM") shown.list.toggle();
      else if (event.code === "KeyF") shown.list.chooseService();
      else return false;
      return true;
    },
  };
}
