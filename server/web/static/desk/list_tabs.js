// Tabs over lists of which one is shown at a time: drawn, counted, and walked by arrows and digits.
import { el } from "/shared/draw.js";
import { chorded, digitOf } from "./acts.js";

/**
 * @template {{code: string, list: {focus: (id?: string) => boolean}, words: (n: number) => string}} Tab
 *   `code` names the list in the state; `words` are the tab's own, with the list's length
 * @param {Tab[]} tabs
 * @param {object} options
 * @param {string} options.label what the lists are, for a screen reader
 * @param {(tab: Tab) => Node[]} options.elements what the panel holds while a tab is shown
 * @param {(tab: Tab) => void} options.onShow a tab is shown now
 * @returns two elements, `bar` and `panel`, and what moves them; no tab is shown before the first `show`
 */
export function listTabs(tabs, { label, elements, onShow }) {
  const panel = el("div", { id: "list", class: "scroll", role: "tabpanel", tabindex: "-1" });
  const buttons = tabs.map((tab, index) => {
    const key = String(index + 1);
    const button = el(
      "button",
      { type: "button", class: "tab", role: "tab", id: `tab-${tab.code}`, "aria-controls": panel.id, "aria-keyshortcuts": key },
      el("span"),
      el("kbd", { "aria-hidden": "true" }, key),
    );
    button.addEventListener("click", () => show(tab));
    return button;
  });
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons);
  let shown = tabs[0];

  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: tabs.length - 1, ArrowRight: 1 }[event.code];
    if (!by || chorded(event)) return;
    event.preventDefault();
    show(tabs[(tabs.indexOf(shown) + by) % tabs.length]);
    buttons[tabs.indexOf(shown)].focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.target !== panel || !["ArrowDown", "ArrowUp"].includes(event.code)) return;
    event.preventDefault();
    shown.list.focus();
  });

  function show(wanted) {
    shown = wanted;
    buttons.forEach((button, index) => {
      const selected = tabs[index] === shown;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
      if (selected) panel.setAttribute("aria-labelledby", button.id);
    });
    panel.replaceChildren(...elements(shown));
    panel.scrollTop = 0;
    onShow(shown);
  }

  function enter(wanted, id) {
    show(wanted);
    if (!shown.list.focus(id)) panel.focus();
  }

  return {
    bar,
    panel,
    show,
    /** Show a list and go to a row of it, or to the one where the focus was last. @type {(tab: Tab, id?: string) => void} */
    enter,
    /** Say on each tab how long its list is. @param {Record<string, any[]>} lists by the tabs' codes */
    count(lists) {
      tabs.forEach((tab, index) => {
        const text = tab.words(lists[tab.code].length);
        const words = buttons[index].firstChild;
        if (words.textContent !== text) words.textContent = text;
      });
    },
    /** A digit shows its list and goes into it. @returns {boolean} whether it was one */
    press(event) {
      const tab = tabs[Number(digitOf(event) || 0) - 1];
      if (tab) enter(tab);
      return Boolean(tab);
    },
  };
}
