// Draws the board: header, parts beside the called rows, running line, marks; touches only what has changed.
import { el, localTime } from "/shared/draw.js";
import { names, spans } from "./board_words.js";
import { makeRows } from "./draw_rows.js";
import { longestFirst, rangeFigures } from "./expected_waits.js";
import { icon } from "./icons.js";
import { makeSlides } from "./slides.js";
import { languageNow } from "./turn_rules.js";

const ANY = { languages: ["ru", "kk", "en"], byTurns: false }; // before the office is known
const POINTS_PER_SECOND = 110; // speed of the running line
const SMALLER = [1, 0.9, 0.8, 0.7]; // type of the expected waits, where names are long
const upright = matchMedia("(orientation: portrait)");

const at = (id) => document.getElementById(id);

/**
 * @param {Awaited<ReturnType<typeof import("./board_words.js").loadBoardWords>>} words
 * @param {() => void} onSound somebody asked for sound
 */
export function makeDrawing(words, onSound) {
  const drawn = new WeakMap();
  const called = makeRows(at("rows"), words);
  const slides = makeSlides(at("slides"));
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

  /** The outline: which parts there are and where they stand. */
  function arrange({ layout, parts, slides: list }, tongue) {
    slides.show(parts.includes("slides") && layout !== "rows" ? list : [], tongue);
    // A board of slides without one that can be shown is an ordinary board.
    const shape = layout === "slides" && slides.nothing() ? "side" : layout;
    const { body } = document;
    body.dataset.layout = shape;
    body.dataset.side = upright.matches || shape === "slides" ? "low" : "tall";
    at("slides").hidden = shape === "rows" || slides.nothing();
    at("side").hidden = shape === "rows" || !["next", "expected", "wait"].some((part) => parts.includes(part));
    at("clock").hidden = !parts.includes("clock");
  }

  function drawNext({ next, parts }, tongue) {
    const wanted = parts.includes("next");
    show(at("next-title"), wanted ? words(tongue, "next") : []);
    at("next").hidden = !wanted;
    fill(at("next"), [next, tongue], () =>
      next.length
        ? next.map((number) => el("li", { class: "number" }, number))
        : [el("li", { class: "nobody quiet" }, ...spans(words(tongue, "nobodyWaits")))],
    );
  }

  function drawExpected({ expected, parts }, tongue) {
    // Beside large slides they would leave the called rows too little room.
    const wanted = parts.includes("expected") && document.body.dataset.layout !== "slides";
    const waits = wanted ? longestFirst(expected) : [];
    at("expected").hidden = waits.length === 0;
    at("side").classList.toggle("with-expected", waits.length > 0);
    const together = tongue.languages.length > 1 && !tongue.byTurns;
    show(at("expected-title"), words(tongue, together ? "expectedShort" : "expected"));
    fill(at("services"), [waits, tongue], () =>
      waits.map(({ name, expected_wait: wait }) =>
        el(
          "li",
          {},
          el("p", { class: "service" }, ...spans(names(tongue, name))),
          el("p", { class: "number" }, rangeFigures(wait)),
        ),
      ),
    );
    fitServices();
  }

  /** The longest name of a service is shown whole, if need be in smaller type. */
  function fitServices() {
    const list = at("services");
    const [first] = list.children;
    const room = `${list.parentElement.clientHeight} ${list.parentElement.clientWidth} ${list.textContent}`;
    if (!first || list.dataset.room === room) return;
    list.dataset.room = room;
    for (const scale of SMALLER) {
      list.style.setProperty("--scale", String(scale));
      if (first.offsetHeight <= list.clientHeight) return;
    }
  }

  function drawWait({ live_wait_seconds: seconds, waiting, parts }, tongue) {
    at("wait").hidden = !parts.includes("wait");
    fill(at("wait"), [seconds, waiting, tongue], () => [
      seconds !== null && el("p", { class: "quiet" }, ...spans(words(tongue, "waitNow"))),
      seconds !== null &&
        el("p", { class: "number" }, `${minutes(seconds)} `, el("span", {}, ...spans(words(tongue, "minutes")))),
      waiting > 0 && el("p", { class: "quiet" }, ...spans(words(tongue, "waiting", { count: waiting }))),
    ].filter(Boolean));
  }

  function drawLine({ parts, running_line: text }, tongue) {
    const line = at("line");
    // A running text would be torn by a turn: it says all its languages one after the other.
    const texts = parts.includes("line") ? names({ ...tongue, byTurns: false }, text) : [];
    line.hidden = texts.length === 0;
    fill(line, texts, () => (texts.length ? [el("p", {}, ...spans(texts))] : []));
    const words = line.firstElementChild;
    if (!words || (line.dataset.width === String(line.clientWidth) && line.dataset.of === words.textContent)) return;
    line.dataset.width = String(line.clientWidth);
    line.dataset.of = words.textContent;
    line.classList.remove("runs");
    line.classList.toggle("runs", words.scrollWidth > line.clientWidth);
    line.style.setProperty("--seconds", `${Math.round((words.scrollWidth + line.clientWidth) / POINTS_PER_SECOND)}s`);
  }

  function drawMarks({ view, lost, shownAsOf, problem, silent }, tongue) {
    let key = view ? null : lost ? "neverConnected" : "connecting";
    if (view && lost) key = "lost";
    if (problem === "noToken") key = "noToken";
    const time = view && shownAsOf !== null ? localTime(shownAsOf, view.timezone) : "";
    // Why the server refuses is for whoever sets the board up; a hall that has seen it work is not told.
    const refused = problem && problem !== "noToken" && !view;
    const said = refused ? [{ language: tongue.languages[0], text: problem }] : key ? words(tongue, key, { time }) : [];
    showSign(at("contact"), "lost", said);
    showSign(at("sound"), "sound", silent ? words(tongue, "sound") : []);
    show(at("band"), view?.demonstration ? words(tongue, "demonstration") : []);
  }

  return {
    /** All but the called rows. @param {{view: any, now: number, lost: boolean, shownAsOf: number | null, problem: string, silent: boolean}} state */
    draw(state) {
      const { view, now } = state;
      const turn = view && languageNow(view.languages, view.turn_seconds, now);
      const tongue = tongueOf(view);
      document.documentElement.lang = turn ?? tongue.languages[0];
      document.body.dataset.languages = turn ? "1" : String(tongue.languages.length);
      document.body.dataset.now = turn ?? "";
      drawMarks(state, tongue);
      document.querySelector("main").hidden = !view;
      if (!view) return;
      arrange(view, tongue);
      show(at("office"), names(tongue, view.name));
      show(at("zone"), names(tongue, view.title));
      fill(at("clock"), localTime(now, view.timezone), () => [localTime(now, view.timezone)]);
      drawNext(view, tongue);
      drawExpected(view, tongue);
      drawWait(view, tongue);
      drawLine(view, tongue);
    },

    /** How many whole rows find room, once the rest is drawn. @param {any} view BoardView */
    room(view) {
      const shape = upright.matches ? "upright" : document.body.dataset.layout;
      return called.divide(view.rows, { rows: "two", slides: "half" }[shape] ?? "one");
    },

    /** @param {any} view BoardView @param {any[]} rows newest first */
    drawRows(view, rows) {
      const tongue = tongueOf(view);
      called.draw(rows, tongue);
      const empty = view.is_open || view.waiting ? words(tongue, "nobodyCalled") : closedTexts(view, tongue, words);
      show(at("nobody"), rows.length ? [] : empty);
    },
  };
}

function tongueOf(view) {
  return view ? { languages: view.languages, byTurns: view.turn_seconds > 0 && view.languages.length > 1 } : ANY;
}

function closedTexts(view, tongue, words) {
  const note = names(tongue, view.reception_note);
  return note.length ? note : words(tongue, "closed");
}

/** Live wait in whole minutes, rounded half up; anything shorter counts as one. */
function minutes(seconds) {
  return Math.max(1, Math.floor(seconds / 60 + 0.5));
}
