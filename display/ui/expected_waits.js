// Which expected waits the board shows, and a range in figures, the same in every language. Pure.

const MOST_SERVICES = 6; // more would not be read in passing

/**
 * @typedef {{name: Record<string, string>, expected_wait: {from_minutes: number, to_minutes: number}}} BoardWait
 * @param {BoardWait[]} expected in the office's order
 * @returns {BoardWait[]} the longest waits first, equal ones in the office's order
 */
export function longestFirst(expected) {
  return [...expected]
    .sort(
      ({ expected_wait: one }, { expected_wait: other }) =>
        other.to_minutes - one.to_minutes || other.from_minutes - one.from_minutes,
    )
    .slice(0, MOST_SERVICES);
}

/** "10–25", or "5" where both ends are the same. @param {BoardWait["expected_wait"]} wait in minutes */
export function rangeFigures({ from_minutes: from, to_minutes: to }) {
  return from === to ? String(to) : `${from}–${to}`;
}
