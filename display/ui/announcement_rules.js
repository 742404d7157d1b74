// Which call is said next, which are stale, which are said again and when it is quiet (domain §11). Pure.
//
// display/announcements.py has the same rules for a display program that sounds itself, and their description;
// tests/display/announcement_cases.json is the one table that both are held to. Times are milliseconds.

/**
 * @typedef {{id: string, at: string, number: string, label: string, kind: string, languages: string[]}} Announcement
 * @typedef {{announcement: Announcement, times: number}} Turn times: how often it was said before
 */

/**
 * The announcements a board's state implies: a call whose "say" was lost with the line is still said.
 * @param {any} view BoardView @returns {Announcement[]} in the order of calls
 */
export function impliedBy(view) {
  return view.called
    .filter(({ state }) => state === "called")
    .map(({ call_id, called_at, number, label, kind }) => {
      return { id: call_id, at: called_at, number, label, kind, languages: view.voice.languages };
    })
    .reverse();
}

/**
 * An announcement is stale when it is older than the limit, its visitor has come, has been called
 * anew, or is gone from the board.
 * @param {Announcement} announcement @param {any} view BoardView @param {number} now by the server's clock
 */
export function isStale(announcement, view, now) {
  const at = Date.parse(announcement.at);
  if (now - at > view.voice.limit_seconds * 1000) return true;
  const row = view.called.find(({ number }) => number === announcement.number);
  if (row?.call_id === announcement.id) return row.state !== "called";
  if (row) return Date.parse(row.called_at) >= at;
  // The list is cut at its end: only a list that reaches back to the call proves that it is gone.
  const oldest = view.called.at(-1);
  return Date.parse(view.at) >= at && (!oldest || Date.parse(oldest.called_at) <= at);
}

/** Whether anything may be heard now, by mode and hours. @param {any} view BoardView @param {number} now */
export function maySound(view, now) {
  const { mode, hours } = view.voice;
  if (mode === "off") return false;
  const wall = new Date(now).toLocaleTimeString("en-GB", {
    timeZone: view.timezone, hour: "2-digit", minute: "2-digit",
  });
  return hours.length === 0 || hours.some(([begin, end]) => begin <= wall && wall < end);
}

/** Calls waiting to be said and to be said again; each id is taken once. @param {(id: string) => boolean} wasSpoken */
export function makeQueue(wasSpoken) {
  /** @type {Map<string, Announcement>} */
  const first = new Map();
  /** @type {Map<string, {due: number, turn: Turn}>} */
  const again = new Map();

  /** Whether a call waits that was not said yet and may be heard now. */
  function hasFirst(view, now) {
    for (const one of first.values()) if (wasSpoken(one.id) || isStale(one, view, now)) first.delete(one.id);
    return first.size > 0 && maySound(view, now);
  }

  /** @returns {Turn | null} */
  function nextRepeat(view, now) {
    for (const { turn } of again.values()) {
      const left = turn.times <= view.voice.repeats && !isStale(turn.announcement, view, now);
      if (!left) again.delete(turn.announcement.id);
    }
    const ready = [...again.values()].filter(({ due }) => due <= now);
    ready.sort((one, other) => one.due - other.due || inOrder(one.turn.announcement, other.turn.announcement));
    if (!ready.length || !maySound(view, now)) return null;
    again.delete(ready[0].turn.announcement.id);
    return ready[0].turn;
  }

  return {
    /** These are to be said, unless they were. @param {Announcement[]} announcements */
    offer(announcements) {
      for (const one of announcements) if (!wasSpoken(one.id)) first.set(one.id, one);
    },
    hasFirst,
    /** Whose turn it is, taken out of the queue; stale ones are dropped on the way. @returns {Turn | null} */
    next(view, now) {
      if (!hasFirst(view, now)) return nextRepeat(view, now);
      const [announcement] = [...first.values()].sort(inOrder);
      first.delete(announcement.id);
      return { announcement, times: 0 };
    },
    /** It was heard whole: its repetition, if one is left, is due after the set time from now. @param {Turn} turn */
    said({ announcement, times }, view, now) {
      if (times >= view.voice.repeats) return;
      const due = now + view.voice.repeat_after_seconds * 1000;
      again.set(announcement.id, { due, turn: { announcement, times: times + 1 } });
    },
    /** It was not heard whole: its turn comes again, after who was not called yet. @param {Turn} turn */
    unsaid(turn, now) {
      if (turn.times) again.set(turn.announcement.id, { due: now, turn });
      else first.set(turn.announcement.id, turn.announcement);
    },
    /** How long until a repetition is due; null when there is none. @returns {number | null} */
    wait(now) {
      const dues = [...again.values()].map(({ due }) => due);
      return dues.length ? Math.max(0, Math.min(...dues) - now) : null;
    },
  };
}

function inOrder(one, other) {
  return Date.parse(one.at) - Date.parse(other.at) || (one.id < other.id ? -1 : Number(one.id > other.id));
}
