// Help by voice: plays the recording of the screen where the kiosk program has one; otherwise there is no button.

const player = new Audio();
/** Whether a recording exists, by its address; forgotten with each visitor, so that new ones are found. */
let known = new Map();

/** @param {string} screen @param {string} language @returns {Promise<string | null>} its address, or null */
export async function helpOf(screen, language) {
  const address = `/help-audio/${screen}.${language}.wav`;
  if (!known.has(address)) {
    const there = await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(3000) })
      .then((answer) => answer.ok)
      .catch(() => false);
    known.set(address, there);
  }
  return known.get(address) ? address : null;
}

/** Play it from its beginning, or stop when it plays. @param {string} address @param {() => void} onChange */
export function toggleHelp(address, onChange) {
  if (isPlaying()) return stopHelp();
  player.onended = player.onpause = onChange;
  player.src = address;
  player.play().then(onChange, onChange);
}

export function isPlaying() {
  return !player.paused;
}

export function stopHelp() {
  player.pause();
}

/** The next visitor begins anew. */
export function forgetHelp() {
  stopHelp();
  known = new Map();
}
