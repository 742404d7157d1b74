// A short soft sound when somebody new comes to an idle desk, made in code, and the switch that mutes it.
import { _ } from "/shared/words.js";
import { actButton } from "./button.js";

const STORED = "talon.console.muted";
/** Two soft tones: hertz, and the second at which each begins. */
const TONES = [
  [659, 0],
  [880, 0.14],
];
const LOUDNESS = 0.1;
const LENGTH = 0.4;

/**
 * Who has come to an idle open desk between two states: ids of visitors it may call now and did not know before,
 * or the one whom the office has called for it by itself.
 * @param {any} before DeskView or null @param {any} after DeskView @returns {string[]}
 */
export function newcomers(before, after) {
  if (!before || after.state !== "open") return [];
  if (after.current) return after.auto_call && before.state === "open" && !before.current ? [after.current.id] : [];
  const known = new Set(before.mine);
  return after.mine.filter((id) => !known.has(id));
}

/** The switch and the sound. @param {HTMLElement} place where the switch stands */
export function arrivalSound(place) {
  let muted = stored();
  let context = null;
  const button = actButton("slim", "", "U", toggle);
  button.setAttribute("aria-keyshortcuts", "U");
  place.append(button);
  draw();
  // A browser lets a page sound only after the person has touched it.
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, wake, { passive: true });

  function draw() {
    button.firstChild.textContent = muted ? _("Sound is off") : _("Sound is on");
  }

  function toggle() {
    muted = !muted;
    store(muted);
    draw();
    if (!muted) play();
  }

  function wake() {
    try {
      context ??= new AudioContext();
      if (context.state === "suspended") context.resume().catch(() => {});
    } catch {
      // No sound device or no Web Audio: the title of the tab still tells.
    }
  }

  function play() {
    if (muted) return;
    wake();
    if (context?.state !== "running") return;
    try {
      for (const [hertz, begin] of TONES) tone(context, hertz, context.currentTime + begin);
    } catch {
      // The same: silence is no reason to stop the console.
    }
  }

  return { toggle, play };
}

function tone(context, hertz, at) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + LENGTH);
}

function stored() {
  try {
    return localStorage.getItem(STORED) === "yes";
  } catch {
    return false;
  }
}

function store(muted) {
  try {
    localStorage.setItem(STORED, muted ? "yes" : "no");
  } catch {
    // A browser that keeps nothing: the choice holds until the page closes.
  }
}
