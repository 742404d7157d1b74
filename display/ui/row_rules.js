// Which called rows the board shows, in what order, and which of them are fresh. Pure: time comes in as milliseconds.
//
// The promise: every call is shown, and long enough to be read, however many come at once.
// While all calls find room, all stand there. When they do not, those whose visitors have already come
// make way; when even those still expected do not find room, they stand by turns, page after page.

/** In this time a number and a window are read and found again on the ticket. */
export const READ_MS = 4000;
/** How long a page stands while more visitors are expected than rows find room. */
export const PAGE_MS = 6000;
const MOST_KEPT = 200; // of calls the server no longer names: a flood must not pile up

/**
 * @typedef {{number: string, label: string, kind: string, state: string, called_at: string, call_id: string}} Row
 *
 * @typedef {object} Entry what is known of one call
 * @property {Row} row
 * @property {number} called when it was called, by the clock that nobody sets
 * @property {number} seen how long it has stood on the screen in earlier turns
 * @property {number | null} since on the screen without a break since; null: not on the screen
 * @property {number} left when it last left the screen; 0: never was there
 *
 * @typedef {object} Moment
 * @property {number} now the server's clock: how old a call is
 * @property {number} tick a clock that nobody sets: how long a row has been on the screen
 * @property {number} rows how many whole rows find room
 * @property {number} highlightSeconds how long a call is fresh
 * @property {number} shownSeconds the least time a call stays, even if its visitor has come and gone
 * @property {string | null} speaking id of the call being said aloud
 */

/**
 * The next screen from the one before and the server's rows.
 * @param {Entry[]} before what `nextScreen` gave last time; empty at first
 * @param {Row[]} called the server's rows
 * @param {Moment} moment
 * @returns {{entries: Entry[], rows: (Row & {fresh: boolean})[]}} rows: newest first
 */
export function nextScreen(before, called, moment) {
  const { tick, rows } = moment;
  const known = merge(before, called, moment);
  const shown = new Set(known.length <= rows ? known : choose(known, moment));
  const entries = known.map((entry) => {
    if (shown.has(entry)) return { ...entry, since: entry.since ?? tick };
    if (entry.since === null) return entry;
    return { ...entry, since: null, seen: entry.seen + tick - entry.since, left: tick };
  });
  return {
    entries,
    rows: entries
      .filter(({ since }) => since !== null)
      .sort(newestFirst)
      .map((entry) => ({ ...entry.row, fresh: isFresh(entry, moment) })),
  };
}

/** The server's calls with what is known of them, and calls gone from its list that are still owed their time. */
function merge(before, called, { now, tick, highlightSeconds, shownSeconds }) {
  const known = new Map(before.map((entry) => [entry.row.call_id, entry]));
  const listed = called.map((row) => {
    const entry = known.get(row.call_id);
    if (entry) return { ...entry, row };
    const age = Math.max(0, now - Date.parse(row.called_at));
    // A call from before this page was opened, or from a break of contact, is no news when it is old or its visitor
    // has come: it must not stand before calls of this moment.
    const old = age > Math.max(highlightSeconds, shownSeconds) * 1000 || (row.state !== "called" && age > READ_MS);
    return { row, called: tick - age, seen: old ? READ_MS : 0, since: null, left: 0 };
  });
  // A number called anew stands there once, with its new window.
  const numbers = new Set(called.map(({ number }) => number));
  const gone = before
    .filter((entry) => !numbers.has(entry.row.number))
    .filter((entry) => !isRead(entry, tick) || tick - entry.called < shownSeconds * 1000);
  return [...listed, ...gone.sort(newestFirst).slice(0, MOST_KEPT)];
}

/** Which calls stand on a screen that has no room for all. */
function choose(known, { tick, rows, shownSeconds }) {
  const isDue = (entry) =>
    !isRead(entry, tick) || entry.row.state === "called" || tick - entry.called < shownSeconds * 1000;
  const due = known.filter(isDue).sort(newestFirst);
  const others = known.filter((entry) => !isDue(entry)).sort(newestFirst);
  if (due.length <= rows) return [...due, ...others].slice(0, rows);

  const stands = (entry) => (entry.since === null ? 0 : tick - entry.since);
  const here = due.filter(({ since }) => since !== null);
  const beingRead = here.filter((entry) => stands(entry) < READ_MS);
  // In the order of calls, so that nobody waits for ever behind later ones.
  const unread = due.filter((entry) => entry.since === null && !isRead(entry, tick)).reverse();
  const turned = due.filter((entry) => entry.since === null && isRead(entry, tick)).sort((a, b) => a.left - b.left);
  const standing = here.filter((entry) => stands(entry) >= READ_MS);
  // Without news a page is turned as a whole, when all of it has stood its time.
  const turns = unread.length === 0 && here.every((entry) => stands(entry) >= PAGE_MS);
  const rest = turns ? [...turned, ...standing] : [...standing, ...turned];
  return [...beingRead, ...unread, ...rest].slice(0, rows);
}

function isRead({ seen, since }, tick) {
  return seen + (since === null ? 0 : tick - since) >= READ_MS;
}

function isFresh(entry, { now, tick, highlightSeconds, speaking }) {
  const age = now - Date.parse(entry.row.called_at);
  return age < highlightSeconds * 1000 || !isRead(entry, tick) || entry.row.call_id === speaking;
}

function newestFirst({ row: one }, { row: other }) {
  return Date.parse(other.called_at) - Date.parse(one.called_at);
}
