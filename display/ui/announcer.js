// Says the calls: one at a time, in their order, each id once, and again as often as the board's rules want.
import { makeQueue } from "./announcement_rules.js";

/**
 * @param {object} options
 * @param {ReturnType<typeof import("./sound.js").makeSound>} options.sound
 * @param {ReturnType<typeof import("./spoken_calls.js").spokenCalls>} options.spoken
 * @param {() => number} options.now server's clock, ms
 * @param {() => any} options.view the newest BoardView; its `voice` says how the board sounds
 * @param {(id: string | null) => void} options.onSpeaking which call is being said
 */
export function makeAnnouncer({ sound, spoken, now, view, onSpeaking }) {
  const queue = makeQueue(spoken.has);
  /** @type {{turn: import("./announcement_rules.js").Turn, cut: AbortController} | null} */
  let underWay = null;
  let timer = 0;

  /** The board as this place hears it: what the hall PC's settings say goes before the board's own rules. */
  function heard() {
    const state = view();
    return state && { ...state, voice: { ...state.voice, ...sound.local } };
  }

  async function speakAll() {
    const state = heard();
    if (!state) return;
    sound.obey(state.voice);
    // A call that was said already makes way for one that was not.
    if (underWay?.turn.times && queue.hasFirst(state, now())) underWay.cut.abort();
    if (underWay) return;
    clearTimeout(timer);
    try {
      for (let turn = nextTurn(); turn; turn = nextTurn()) {
        underWay = { turn, cut: new AbortController() };
        // Remembered before it sounds: a page that reloads in the middle does not begin anew.
        spoken.add(turn.announcement.id, now());
        onSpeaking(turn.announcement.id);
        await sound.announce(turn.announcement, underWay.cut.signal);
        if (underWay.cut.signal.aborted) queue.unsaid(turn, now());
        else queue.said(turn, heard(), now());
      }
    } finally {
      underWay = null;
      onSpeaking(null);
    }
    const wait = queue.wait(now());
    if (wait !== null) timer = setTimeout(speakAll, wait);
  }

  function nextTurn() {
    return sound.blocked() ? null : queue.next(heard(), now());
  }

  return {
    /** @param {import("./announcement_rules.js").Announcement[]} announcements */
    offer(announcements) {
      queue.offer(announcements);
      speakAll();
    },
    /** Sound has become possible: say what is still worth saying. */
    resume: speakAll,
  };
}
