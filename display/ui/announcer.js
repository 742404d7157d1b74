// Says the calls: one at a time, in their order, each id once.
import { makeQueue } from "./announcement_rules.js";

/**
 * @param {object} options
 * @param {ReturnType<typeof import("./sound.js").makeSound>} options.sound
 * @param {ReturnType<typeof import("./spoken_calls.js").spokenCalls>} options.spoken
 * @param {number} options.limitSeconds older calls are not said
 * @param {() => number} options.now server's clock, ms
 * @param {() => any} options.view the newest BoardView
 * @param {(id: string | null) => void} options.onSpeaking which call is being said
 */
export function makeAnnouncer({ sound, spoken, limitSeconds, now, view, onSpeaking }) {
  const queue = makeQueue(limitSeconds, spoken.has);
  let speaking = false;

  async function speakAll() {
    if (speaking) return;
    speaking = true;
    try {
      while (!sound.blocked()) {
        const announcement = queue.next(view(), now());
        if (!announcement) break;
        // Remembered before it sounds: a page that reloads in the middle does not begin anew.
        spoken.add(announcement.id, now());
        onSpeaking(announcement.id);
        await sound.announce(announcement);
      }
    } finally {
      speaking = false;
      onSpeaking(null);
    }
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
