// The left half of the console: the desk's visitor now, the timer against the norm, the buttons.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { ACTS, MAIN, SMALLER, allowedSmaller, mainAct } from "./acts.js";
import { actButton, enable } from "./button.js";
import { minutes, secondsSince, stopwatch } from "./durations.js";

/**
 * Make the half's elements once and keep them in step with the state.
 * @param {HTMLElement} section
 * @param {{categoryName: (code: string) => string, onAct: (act: string) => void}} options
 */
export function visitorPanel(section, { categoryName, onAct }) {
  const card = el("div", { class: "card now" });
  const message = el("p", { class: "problem", role: "alert", hidden: true });
  const main = actButton("primary main", "", MAIN.sign, () => onAct(main.dataset.act));
  main.setAttribute("aria-keyshortcuts", MAIN.code);
  const smaller = SMALLER.map((act) => {
    const made = actButton("small", ACTS[act].words(), ACTS[act].sign, () => onAct(act));
    made.dataset.act = act;
    made.setAttribute("aria-keyshortcuts", ACTS[act].sign);
    return made;
  });
  section.replaceChildren(card, message, main, el("div", { class: "smaller" }, smaller));
  let drawn = "";

  return {
    /** @param {any} view DeskView @param {boolean} ready false while a command is under way or contact is lost */
    draw(view, ready) {
      const category = view.current?.category && categoryName(view.current.category);
      const facts = JSON.stringify([view.current, category, view.state, view.mine.length]);
      if (facts !== drawn) card.replaceChildren(...(view.current ? visitor(view, categoryName) : nobody(view)));
      drawn = facts;
      this.tick(view);
      const { act, allowed } = mainAct(view);
      main.dataset.act = act;
      if (main.firstChild.textContent !== ACTS[act].words()) main.firstChild.textContent = ACTS[act].words();
      enable(main, ready && allowed);
      const now = allowedSmaller(view);
      for (const made of smaller) enable(made, ready && now.has(made.dataset.act));
    },
    /** Move the clocks on without drawing anything anew. */
    tick(view) {
      const timer = card.querySelector(".timer");
      if (timer && view.current) showTimer(timer, view);
    },
    /** @param {string} text what went wrong and what to do; empty takes the message away */
    say(text) {
      message.textContent = text;
      message.hidden = !text;
    },
  };
}

function nobody(view) {
  const words = {
    closed: [_("The desk is closed"), _("Open it to call visitors.")],
    break: [_("Break"), _("Visitors are not called to this desk.")],
    open: view.mine.length
      ? [_("The desk is free"), _("The next visitor is waiting.")]
      : [_("Nobody is waiting for you"), _("As soon as somebody comes, the button will work.")],
  }[view.state];
  return [el("p", { class: "empty" }, words[0]), el("p", { class: "quiet" }, words[1])];
}

function visitor(view, categoryName) {
  const { current } = view;
  const waited = current.wait_seconds ?? secondsSince(current.joined_at, current.started_at ?? current.called_at);
  const over = waited > view.wait_limit_seconds;
  return [
    el("p", { class: "quiet" }, current.state === "called" ? _("Called to the desk") : _("Being served")),
    el("p", { class: "number huge", "data-state": current.state }, current.number),
    el("p", { class: "service" }, name(current.service_name)),
    el(
      "p",
      { class: "signs" },
      current.category && el("span", { class: "chip sign" }, "★ ", categoryName(current.category)),
      el("span", { class: "chip" }, { ru: "Русский", kk: "Қазақша", en: "English" }[current.language] ?? current.language),
    ),
    el(
      "p",
      { class: over ? "fact over" : "fact" },
      _("Waited: %(time)s", { time: minutes(waited) }),
      over && el("span", {}, " — ", _("over the limit of %(time)s", { time: minutes(view.wait_limit_seconds) })),
      current.call_count > 1 && el("span", {}, " · ", _("calls: %(n)s", { n: current.call_count })),
    ),
    el("div", { class: "timer", role: "timer" }, el("span", { class: "number" }), el("span", { class: "words" }), el("progress", { "aria-hidden": "true" })),
  ];
}

function showTimer(timer, view) {
  const [time, words, bar] = timer.children;
  const { current } = view;
  const serving = current.state === "serving";
  const seconds = serving ? secondsSince(current.started_at) - (current.held_seconds ?? 0) : secondsSince(current.called_at);
  const norm = view.service_norm_seconds;
  const over = serving && seconds > norm;
  time.textContent = stopwatch(seconds);
  if (!serving) words.textContent = _("since the call");
  else if (over) words.textContent = _("longer than the norm of %(time)s", { time: minutes(norm) });
  else words.textContent = _("of service; the norm is %(time)s", { time: minutes(norm) });
  timer.classList.toggle("over", over);
  bar.hidden = !serving;
  bar.max = norm || 1;
  bar.value = Math.min(seconds, norm);
}
