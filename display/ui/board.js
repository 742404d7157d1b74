// The hall board: follows its office, draws what it is told, says the calls, keeps the last state without contact.
import { followNews } from "/shared/news.js";
import { impliedBy } from "./announcement_rules.js";
import { makeAnnouncer } from "./announcer.js";
import { loadBoardWords } from "./board_words.js";
import { makeDrawing } from "./draw_board.js";
import { rowsToShow } from "./row_rules.js";
import { readSettings } from "./settings.js";
import { makeSound } from "./sound.js";
import { spokenCalls } from "./spoken_calls.js";

const TICK_MS = 500;
const QUIET_MS = 2000; // a break of contact shorter than this is nobody's business

const settings = await readSettings();
const drawing = makeDrawing(await loadBoardWords(), () => sound?.unblock());

let view = null;
let rows = [];
let speaking = null;
let serverTime = null; // {at, heard}: the server's clock, carried on by a clock that nobody sets
let lostAt = performance.now(); // null while there is contact
let shownAsOf = null;
let refusal = "";

const sound = settings.sound === "off" ? null : makeSound({ ...settings, voice: wantedVoice(), onChange: soundChanged });
const announcer =
  sound &&
  makeAnnouncer({
    sound,
    spoken: spokenCalls(),
    limitSeconds: settings.announcement_limit_seconds,
    now,
    view: () => view,
    onSpeaking(id) {
      speaking = id;
      draw();
    },
  });

if (settings.program) await showKeptState();
if (settings.token) follow();
draw();
setInterval(draw, TICK_MS);

function follow() {
  followNews({
    server: settings.server,
    token: settings.token,
    rooms: [`board:${settings.office}`],
    onState(_room, state) {
      view = state;
      serverTime = { at: Date.parse(state.at), heard: performance.now() };
      refusal = "";
      draw();
      announcer?.offer(impliedBy(state));
    },
    onSay: (announcement) => announcer?.offer([announcement]),
    onLink(online) {
      if (online) lostAt = null;
      else if (lostAt === null) {
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
  view = await answer.json();
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

function wantedVoice() {
  return settings.sound === "voice" ? settings.voice : null;
}

function draw() {
  const lost = lostAt !== null && performance.now() - lostAt > QUIET_MS;
  rows = view ? rowsToShow(view.called, rows, now(), settings.highlight_seconds, speaking) : [];
  drawing.draw({
    view,
    rows,
    now: now(),
    lost,
    shownAsOf,
    problem: refusal || (settings.token ? "" : "noToken"),
    silent: Boolean(sound?.blocked()) && performance.now() > QUIET_MS,
  });
}
