// The hall board: follows its office, draws what it is told, says the calls, keeps the last state without contact.
import { followNews } from "/shared/news.js";
import { impliedBy } from "./announcement_rules.js";
import { makeAnnouncer } from "./announcer.js";
import { completed } from "./board_data.js";
import { loadBoardWords } from "./board_words.js";
import { makeDrawing } from "./draw_board.js";
import { nextScreen } from "./row_rules.js";
import { readSettings } from "./settings.js";
import { makeSound } from "./sound.js";
import { spokenCalls } from "./spoken_calls.js";
import { stayCurrent } from "./stay_current.js";

const TICK_MS = 500;
const QUIET_MS = 2000; // a break of contact shorter than this is nobody's business

const settings = await readSettings();
const contrast = matchMedia("(prefers-contrast: more)");
const drawing = makeDrawing(await loadBoardWords(), () => sound?.unblock());

let view = null;
let screen = { entries: [], rows: [] };
let speaking = null;
let serverTime = null; // {at, heard}: the server's clock, carried on by a clock that nobody sets
let lostAt = performance.now(); // null while there is contact
let shownAsOf = null;
let refusal = "";

const sound = settings.sound === "off" ? null : makeSound({ ...settings, onChange: soundChanged });
const announcer =
  sound &&
  makeAnnouncer({
    sound,
    spoken: spokenCalls(),
    now,
    view: () => view,
    onSpeaking(id) {
      speaking = id;
      draw();
    },
  });

if (settings.program) await showKeptState();
const mayBeNew = stayCurrent(() => !screen.rows.some(({ fresh }) => fresh));
if (settings.token) follow();
draw();
setInterval(draw, TICK_MS);
window.addEventListener("resize", draw);

function follow() {
  followNews({
    server: settings.server,
    token: settings.token,
    rooms: [settings.board ? `board:${settings.office}/${settings.board}` : `board:${settings.office}`],
    onState(_room, state) {
      view = completed(state);
      serverTime = { at: Date.parse(state.at), heard: performance.now() };
      refusal = "";
      draw();
      announcer?.offer(impliedBy(view));
    },
    onSay: (announcement) => announcer?.offer([announcement]),
    onLink(online) {
      if (online) {
        lostAt = null;
        mayBeNew();
      } else if (lostAt === null) {
        lostAt = performance.now();
        shownAsOf = now();
      }
      draw();
    },
    onRefused(_room, problem) {
      refusal = problem.detail;
      draw();
    },
  });
}

/** Until the server speaks, the board shows what the display program heard last. */
async function showKeptState() {
  const answer = await fetch("/state.json");
  if (answer.status !== 200) return;
  view = completed(await answer.json());
  shownAsOf = Date.parse(view.at);
}

/** The server's clock in milliseconds; the hall PC's own until the server was heard. */
function now() {
  return serverTime ? serverTime.at + performance.now() - serverTime.heard : Date.now();
}

function soundChanged() {
  announcer?.resume();
  draw();
}

function draw() {
  document.documentElement.dataset.theme = contrast.matches ? "contrast" : "dark";
  const tick = performance.now();
  drawing.draw({
    view,
    now: now(),
    lost: lostAt !== null && tick - lostAt > QUIET_MS,
    shownAsOf,
    problem: refusal || (settings.token ? "" : "noToken"),
    silent: Boolean(sound?.blocked()) && tick > QUIET_MS,
  });
  if (!view) return;
  screen = nextScreen(screen.entries, view.called, {
    now: now(),
    tick,
    rows: drawing.room(view),
    highlightSeconds: view.highlight_seconds,
    shownSeconds: view.shown_seconds,
    speaking,
  });
  drawing.drawRows(view, screen.rows);
}
