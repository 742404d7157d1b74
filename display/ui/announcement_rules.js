// Which announcement is said next and which are stale. Pure: the one definition of the rule (domain §11).

/**
 * @typedef {{id: string, at: string, number: string, label: string, kind: string, languages: string[]}} Announcement
 */

/**
 * The announcements a board's state implies: a call whose "say" was lost with the line is still said.
 * @param {any} view BoardView @returns {Announcement[]} in the order of calls
 */
export function impliedBy(view) {
  return view.called
    .filter(({ state }) => state === "called")
    .map(({ call_id, called_at, number, label, kind }) => {
      return { id: call_id, at: called_at, number, label, kind, languages: view.voice_languages };
    })
    .reverse();
}

/**
 * An announcement is stale when it is older than the limit, its visitor has come, has been called
 * anew, or is gone from the board.
 * @param {Announcement} announcement @param {any} view BoardView, or null when none is known yet
 * @param {number} now milliseconds by the server's clock @param {number} limitSeconds
 */
export function isStale(announcement, view, now, limitSeconds) {
  const at = Date.parse(announcement.at);
  if (now - at > limitSeconds * 1000) return true;
  if (!view) return false;
  const row = view.called.find(({ number }) => number === announcement.number);
  if (row?.call_id === announcement.id) return row.state !== "called";
  if (row) return Date.parse(row.called_at) >= at;
  // The list is cut at its end: only a list that reaches back to the call proves that it is gone.
  const oldest = view.called.at(-1);
  return Date.parse(view.at) >= at && (!oldest || Date.parse(oldest.called_at) <= at);
}

/**
 * Calls waiting to be said, in the order of calls; each id is taken once.
 * @param {number} limitSeconds @param {(id: string) => boolean} wasSpoken
 */
export function makeQueue(limitSeconds, wasSpoken) {
  /** @type {Map<string, Announcement>} */
  const waiting = new Map();
  return {
    /** @param {Announcement[]} announcements */
    offer(announcements) {
      for (const one of announcements) if (!wasSpoken(one.id)) waiting.set(one.id, one);
    },
    /** The next one to say, or null; stale ones are dropped on the way. */
    next(view, now) {
      const inOrder = [...waiting.values()].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
      for (const one of inOrder) {
        waiting.delete(one.id);
        if (!wasSpoken(one.id) && !isStale(one, view, now, limitSeconds)) return one;
      }
      return null;
    },
  };
}
