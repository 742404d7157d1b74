// Which called rows the board shows and which of them are fresh. Pure: time comes in as milliseconds.

const MOST_ROWS = 12; // more than any screen shows: a flood of short visits must not pile up

/**
 * @typedef {{number: string, label: string, kind: string, state: string, called_at: string, call_id: string}} Row
 * @param {Row[]} called the server's rows, newest first
 * @param {Row[]} before the rows shown last time
 * @param {number} now
 * @param {number} highlightSeconds how long a call is fresh
 * @param {string | null} speaking id of the call being said aloud
 * @returns {(Row & {fresh: boolean})[]} newest first
 *
 * A call stays on the board as long as it is fresh, even if the server has already let it go (a
 * visitor served or marked absent within seconds): everybody gets the time to look up.
 */
export function rowsToShow(called, before, now, highlightSeconds, speaking) {
  const isFresh = (row) => now - Date.parse(row.called_at) < highlightSeconds * 1000;
  const gone = before.filter((row) => isFresh(row) && !called.some(({ number }) => number === row.number));
  return [...called, ...gone]
    .sort((one, other) => Date.parse(other.called_at) - Date.parse(one.called_at))
    .slice(0, MOST_ROWS)
    .map((row) => ({ ...row, fresh: isFresh(row) || row.call_id === speaking }));
}
