// The words of the tablet: greeting, question, marks, thanks, and what to do when it is not connected.
import { _ } from "/shared/words.js";

/** The words of marks 1…5. */
export function marks() {
  return [_("Very bad"), _("Bad"), _("Fair"), _("Good"), _("Excellent")];
}

/** "Window 5", "Room 205", "Counter 1". @param {any} view RatingPageView */
export function pointName({ kind, label }) {
  if (kind === "room") return _("Room %(label)s", { label });
  if (kind === "counter") return _("Counter %(label)s", { label });
  return _("Window %(label)s", { label });
}

/** Headline and detail of a screen. @param {import("./moment.js").Moment} moment */
export function screenWords({ screen, score }) {
  const mark = score ? marks()[score - 1] : "";
  return {
    connecting: [_("One moment…"), _("The tablet is connecting to the server.")],
    idle: [_("Welcome!"), _("After your visit you can rate the service here.")],
    serving: [_("You are being served"), _("After your visit you can rate the service here.")],
    ask: [_("Rate the service"), _("Touch one of the faces.")],
    correct: [_("Thank you! Your mark: %(mark)s", { mark }), _("Touched the wrong face? Touch another one.")],
    reasons: [_("What was wrong?"), _("Choose what fits, or skip this.")],
    question: ["", ""],
    thanks: [_("Thank you!"), _("Your mark helps us to work better.")],
  }[screen];
}

/** The words of what follows a mark. */
export function followUpWords() {
  return {
    title: _("What was wrong?"),
    notice: _("Please write no names and no phone numbers. Your words are erased after a few days."),
    comment: _("In your own words, if you wish"),
    send: _("Send"),
    skip: _("Skip"),
    stop: _("No more questions"),
    yes: _("Yes"),
    no: _("No"),
    next: _("Next"),
  };
}

/** Shown while the server is out of reach. */
export function contactWords() {
  return _("No contact with the server. A mark given now will be sent later.");
}

/** Shown when the page was opened without its token. */
export function noTokenWords() {
  return _("This tablet is not connected to a desk. Open the whole link from the start page or the settings.");
}
