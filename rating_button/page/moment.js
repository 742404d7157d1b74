// What the tablet shows at a moment, from the server's state and the visitor's own touch. No drawing, no clock.

/** For so long after the first touch another face corrects the mark, where the office has not said otherwise. */
export const CORRECTION_MS = 5000;
/** For so long thanks stay after that. */
export const THANKS_MS = 4000;
/** For so long what follows a mark waits for a touch: whoever has gone away is not asked for ever. */
export const PATIENCE_MS = 30000;

/**
 * @typedef {{kind: "reasons"} | {kind: "question", survey: string, question: any}} Step  what is asked after a mark
 * @typedef {{visit: string|null, score: number, first: number, press: string, correction?: number, settled?: boolean, steps?: Step[], active?: number}} Touch
 *   `first`: ms, when the first face was touched; `press`: id of the mark's press; `settled`: the visitor goes on before the correction time is
 *   over; `steps`: what is still to be asked; `active`: ms, the last touch of it
 * @typedef {{screen: "connecting"|"idle"|"serving"|"ask"|"correct"|"reasons"|"question"|"thanks", score: number|null, step: Step|null}} Moment
 *
 * @param {any} view RatingPageView, or null before the first state
 * @param {Touch|null} touch
 * @param {number} now ms, the clock that `touch.first` was read from
 * @param {number} serverNow ms, the server's wall clock
 * @returns {Moment}
 */
export function momentOf(view, touch, now, serverNow) {
  if (touch && !nextIsHere(view, touch)) {
    const corrected = touch.first + (touch.correction ?? CORRECTION_MS);
    if (now < corrected && !touch.settled) return { screen: "correct", score: touch.score, step: null };
    const [step] = touch.steps ?? [];
    const since = touch.active ?? corrected;
    if (step && now < since + PATIENCE_MS) return { screen: step.kind, score: null, step };
    if (now < since + (step ? PATIENCE_MS : 0) + THANKS_MS) return { screen: "thanks", score: touch.score, step: null };
  }
  if (!view) return { screen: "connecting", score: null, step: null };
  if (view.state === "ask") {
    const answered = touch && touch.visit === view.visit;
    const late = view.rate_until && serverNow > Date.parse(view.rate_until);
    return { screen: answered || late ? "idle" : "ask", score: null, step: null };
  }
  return { screen: view.state === "thanks" && touch ? "idle" : view.state, score: null, step: null };
}

function nextIsHere(view, touch) {
  return Boolean(view) && (view.state === "serving" || (view.state === "ask" && view.visit !== touch.visit));
}

/**
 * What is asked after a mark, in order.
 * @param {any} choices RatingChoices, or null while it is not known
 * @param {number} score
 * @returns {Step[]}
 */
export function stepsAfter(choices, score) {
  if (!choices) return [];
  const questions = choices.surveys.flatMap((survey) => survey.questions.map((question) => ({ kind: "question", survey: survey.code, question })));
  return [...(score <= choices.low_mark ? [{ kind: "reasons" }] : []), ...questions];
}
