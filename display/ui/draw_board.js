// Draws the board: header, called rows, next in turn, running line, marks; touches only what has changed.
import { el, localTime } from "/shared/draw.js";
import { names } from "./board_words.js";
import { icon } from "./icons.js";

const ANY = ["ru", "kk", "en"]; // before the office is known
const POINTS_PER_SECOND = 110; // speed of the running line

const at = (id) => document.getElementById(id);

/**
 * @param {Awaited<ReturnType<typeof import("./board_words.js").loadBoardWords>>} words
 * @param {() => void} onSound somebody asked for sound
 */
export function makeDrawing(words, onSound) {
  const drawn = new WeakMap();
  const rowElements = new Map();
  at("sound").addEventListener("click", onSound);

  /** Build the inside of an element anew, only if what it shows has changed. */
  function fill(element, facts, build) {
    const key = JSON.stringify(facts);
    if (drawn.get(element) === key) return;
    drawn.set(element, key);
    element.replaceChildren(...build());
  }

  function show(element, texts) {
    element.hidden = texts.length === 0;
    fill(element, texts, () => spans(texts));
  }

  function showSign(element, sign, texts) {
    element.hidden = texts.length === 0;
    fill(element, texts, () => [icon(sign), el("p", {}, ...spans(texts))]);
  }

  function drawRows(rows, languages) {
    const elements = rows.map((row) => {
      const known = rowElements.get(row.call_id);
      const element = known ?? el("li");
      element.className = row.fresh ? "fresh" : "";
      fill(element, [row.number, row.label, row.kind, row.fresh, languages], () => rowParts(row, words, languages));
      if (!known) markWhenPainted(element, row.call_id);
      return [row.call_id, element];
    });
    const list = at("rows");
    const inOrder = elements.map(([, element]) => element);
    // Moving an element restarts its animation: leave the list alone while the order is the same.
    if (inOrder.length !== list.children.length || inOrder.some((element, i) => list.children[i] !== element)) {
      list.replaceChildren(...inOrder);
    }
    rowElements.clear();
    for (const [id, element] of elements) rowElements.set(id, element);
  }

  function drawSide(view) {
    const { languages } = view;
    show(at("next-title"), words(languages, "next"));
    fill(at("next"), [view.next, languages], () =>
      view.next.length
        ? view.next.map((number) => el("li", { class: "number" }, number))
        : [el("li", { class: "nobody quiet" }, ...spans(words(languages, "nobodyWaits")))],
    );
    const seconds = view.live_wait_seconds;
    fill(at("wait"), [seconds, view.waiting, languages], () => [
      seconds !== null && el("p", { class: "quiet" }, ...spans(words(languages, "waitNow"))),
      seconds !== null && el("p", { class: "number" }, `${minutes(seconds)} `, ...spans(words(languages, "minutes"))),
      view.waiting > 0 && el("p", { class: "quiet" }, ...spans(words(languages, "waiting", { count: view.waiting }))),
    ].filter(Boolean));
  }

  function drawLine(view) {
    const line = at("line");
    const texts = names(view.languages, view.running_line);
    line.hidden = texts.length === 0;
    fill(line, texts, () => (texts.length ? [el("p", {}, ...spans(texts))] : []));
    const text = line.firstElementChild;
    if (!text || line.dataset.width === String(line.clientWidth) && line.dataset.of === text.textContent) return;
    line.dataset.width = String(line.clientWidth);
    line.dataset.of = text.textContent;
    line.classList.remove("runs");
    line.classList.toggle("runs", text.scrollWidth > line.clientWidth);
    line.style.setProperty("--seconds", `${Math.round((text.scrollWidth + line.clientWidth) / POINTS_PER_SECOND)}s`);
  }

  function drawMarks({ view, lost, shownAsOf, problem, silent }, languages) {
    let key = view ? null : lost ? "neverConnected" : "connecting";
    if (view && lost) key = "lost";
    if (problem === "noToken") key = "noToken";
    const time = view && shownAsOf !== null ? localTime(shownAsOf, view.timezone) : "";
    const texts = problem && problem !== "noToken" ? [{ language: languages[0], text: problem }] : key ? words(languages, key, { time }) : [];
    showSign(at("contact"), "lost", texts);
    showSign(at("sound"), "sound", silent ? words(languages, "sound") : []);
    show(at("band"), view?.demonstration ? words(languages, "demonstration") : []);
  }

  return {
    /** @param {{view: any, rows: any[], now: number, lost: boolean, shownAsOf: number | null, problem: string, silent: boolean}} state */
    draw(state) {
      const { view, rows } = state;
      const languages = view?.languages ?? ANY;
      document.documentElement.lang = languages[0];
      document.body.dataset.languages = String(languages.length);
      drawMarks(state, languages);
      document.querySelector("main").hidden = !view;
      if (!view) return;
      show(at("office"), names(languages, view.name));
      fill(at("clock"), localTime(state.now, view.timezone), () => [localTime(state.now, view.timezone)]);
      drawRows(rows, languages);
      const empty = view.is_open || view.waiting ? words(languages, "nobodyCalled") : closedTexts(view, words);
      show(at("nobody"), rows.length ? [] : empty);
      drawSide(view);
      drawLine(view);
    },
  };
}

function rowParts({ number, label, kind, fresh }, words, languages) {
  return [
    el("span", { class: "sign" }, fresh && icon("bell")),
    el("span", { class: "number ticket", dataset: { length: number.length } }, number),
    icon("arrow"),
    el("span", { class: "kind" }, ...spans(words(languages, kind))),
    el("span", { class: "number label", dataset: { length: label.length } }, label),
  ];
}

function closedTexts(view, words) {
  const note = names(view.languages, view.reception_note);
  return note.length ? note : words(view.languages, "closed");
}

/** @param {import("./board_words.js").Texts} texts Each in an element of its own language. */
function spans(texts) {
  return texts.map(({ language, text }) => el("span", { lang: language }, text));
}

/** Live wait in whole minutes, rounded half up; anything shorter counts as one. */
function minutes(seconds) {
  return Math.max(1, Math.floor(seconds / 60 + 0.5));
}

/** `data-call-id` appears once the row has been painted: measurements wait for it. */
function markWhenPainted(element, callId) {
  requestAnimationFrame(() => setTimeout(() => (element.dataset.callId = callId)));
}
