// What the tablet shows at a moment, from the server's state and the visitor's own touch. No drawing, no clock.

/** For so long after the first touch another face corrects the mark. The server allows the same. */
export const CORRECTION_MS = 5000;
/** For so long thanks stay after that. */
export const THANKS_MS = 4000;

/**
 * @typedef {{visit: string|null, score: number, first: number}} Touch  `first`: ms, when the first face was touched
 * @typedef {{screen: "connecting"|"idle"|"serving"|"ask"|"correct"|"thanks", score: number|null}} Moment
 *
 * @param {any} view RatingPageView, or null before the first state
 * @param {Touch|null} touch
 * @param {number} now ms, the clock that `touch.first` was read from
 * @param {number} serverNow ms, the server's wall clock
 * @returns {Moment}
 */
export function momentOf(view, touch, now, serverNow) {
  if (touch) {
    const nextIsHere = view && (view.state === "serving" || (view.state === "ask" && view.visit !== touch.visit));
    if (now < touch.first + CORRECTION_MS && !nextIsHere) return { screen: "correct", score: touch.score };
    if (now < touch.first + CORRECTION_MS + THANKS_MS && !nextIsHere) return { screen: "thanks", score: touch.score };
  }
  if (!view) return { screen: "connecting", score: null };
  if (view.state === "ask") {
    const answered = touch && touch.visit === view.visit;
    const late = view.rate_until && serverNow > Date.parse(view.rate_until);
    return { screen: answered || late ? "idle" : "ask", score: null };
  }
  return { screen: view.state === "thanks" && touch ? "idle" : view.state, score: null };
}
