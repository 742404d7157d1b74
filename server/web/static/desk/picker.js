// A list with a search field: type to filter, arrows to choose; the focus stays in the field.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { chorded } from "./acts.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * @typedef {object} Item
 * @property {string} id stays the same while the thing is the same
 * @property {string} group its heading
 * @property {string} words
 * @property {string} second the second line
 * @property {string} [sign] a word beside, for instance of a desk's state
 * @property {boolean} [quiet] possible, but nobody is there now
 * @property {string} [search] further words to find it by
 */

/**
 * @param {{label: string, missing: string, onChange?: (id: string|null) => void}} options
 * @returns whose `read` answers the chosen item's id; null, having said `missing`, when none is chosen
 */
export function picker({ label, missing, onChange = () => {} }) {
  const field = el("input", {
    type: "text",
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "true",
    "aria-controls": "picks",
    "aria-autocomplete": "list",
    placeholder: label,
    spellcheck: "false",
    autofocus: true,
  });
  const list = el("div", { id: "picks", class: "picks", role: "listbox", tabindex: "-1", "aria-label": label });
  const empty = el("p", { class: "quiet", role: "status" });
  const fault = el("p", { class: "problem", role: "alert", hidden: true });
  const element = el("div", { class: "picker" }, field, list, empty, fault);
  /** @type {Item[]} */
  let items = [];
  let shown = [];
  let chosen = null;
  let drawn = "";

  field.addEventListener("input", () => {
    filter();
    if (field.value.trim() && !shown.some((item) => item.id === chosen)) choose(shown[0]?.id ?? null);
    draw();
  });
  field.addEventListener("keydown", (event) => {
    if (!(event.code in STEPS) || chorded(event)) return;
    event.preventDefault();
    const at = shown.findIndex((item) => item.id === chosen);
    const to = at < 0 ? (STEPS[event.code] > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + STEPS[event.code], 0), shown.length - 1);
    choose(shown[to]?.id ?? null);
    draw();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    choose(option.dataset.id);
    draw();
    field.focus();
  });

  function choose(id) {
    if (id === chosen) return;
    chosen = id;
    fault.hidden = true;
    fault.textContent = "";
    onChange(id);
  }

  function filter() {
    const wanted = folded(field.value).split(/\s+/).filter(Boolean);
    shown = items.filter((item) => {
      const text = folded(`${item.words} ${item.second} ${item.search ?? ""}`);
      return wanted.every((word) => text.includes(word));
    });
  }

  function draw() {
    const facts = JSON.stringify([shown, chosen]);
    if (facts === drawn) return;
    drawn = facts;
    const groups = [...new Set(shown.map((item) => item.group))];
    list.replaceChildren(...groups.map(group));
    list.hidden = !shown.length;
    empty.textContent = shown.length ? "" : items.length ? _("Nothing is found.") : _("The list is being fetched…");
    const current = list.querySelector("[aria-selected=true]");
    if (current) field.setAttribute("aria-activedescendant", current.id);
    else field.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  }

  function group(words) {
    const head = el("p", { class: "pick-head", role: "presentation" }, words);
    return el("div", { role: "group", "aria-label": words }, head, shown.filter((item) => item.group === words).map(option));
  }

  function option(item) {
    const selected = item.id === chosen;
    return el(
      "div",
      { role: "option", id: `pick-${item.id}`, class: item.quiet ? "pick quiet-pick" : "pick", "data-id": item.id, "aria-selected": String(selected) },
      el("span", { class: "pick-mark", "aria-hidden": "true" }, selected ? "✓" : ""),
      el("span", { class: "pick-words" }, el("span", {}, item.words), el("span", { class: "second" }, item.second)),
      item.sign && el("span", { class: "pick-sign" }, item.sign),
    );
  }

  return {
    element,
    /** @param {Item[]} next the list as it is now; what was chosen stays chosen while it is there */
    update(next) {
      items = next;
      filter();
      if (!items.some((item) => item.id === chosen)) choose(null);
      draw();
    },
    read() {
      if (chosen !== null) return chosen;
      fault.textContent = missing;
      fault.hidden = false;
      field.focus();
      return null;
    },
  };
}

/** Words as people type them: case and the dots of ё make no difference. */
function folded(text) {
  return text.toLowerCase().replaceAll("ё", "е");
}
