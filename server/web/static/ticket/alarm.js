// Sound and vibration when the visitor is called, as far as the phone allows.

const PATTERN_MS = [400, 150, 400, 150, 800];
let audio = null;

/** Ask the phone for sound; must run inside a touch. Plays a short quiet note so that the visitor hears it works. */
export async function allowSound() {
  audio ??= new AudioContext();
  await audio.resume();
  note(660, 0, 0.12, 0.15);
}

/** Call the visitor: vibration once the page was ever touched, three notes if sound was allowed. */
export function ring() {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(PATTERN_MS);
  if (audio?.state === "running") [660, 880, 1100].forEach((pitch, index) => note(pitch, index * 0.3, 0.28, 0.5));
}

function note(pitch, after, length, loudness) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  const begin = audio.currentTime + after;
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(loudness, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + length);
}
