// Sound of the board: chime, then the voice in each language, one after the other through one audio context.

const LOAD_MS = 6000; // a speech program that hangs is given up; the hall has heard the chime
const GAP_MS = 400;
const FADE_S = 0.15; // a repetition that makes way ends softly

/**
 * @param {object} options
 * @param {"off" | "chime" | "voice" | null} [options.mode] this place's own, before the board's; null: the board's
 * @param {number | null} [options.volume] 0–100, the same
 * @param {string | null} options.chime address of the chime; null: synthesised here
 * @param {string | null} options.voice address of the voice; null: chime only
 * @param {() => void} options.onChange sound became possible or impossible
 */
export function makeSound({ mode = null, volume = null, chime, voice, onChange }) {
  const context = new AudioContext();
  const loudness = new GainNode(context);
  loudness.connect(context.destination);
  context.addEventListener("statechange", onChange);
  // Loaded before the first call: it must be heard at once.
  let chimeBuffer = chime ? load(context, chime) : null;
  let rules = { mode: "chime", volume: 100 };

  return {
    /** What this place has different from the board's rules. */
    local: Object.fromEntries(Object.entries({ mode, volume }).filter(([, value]) => value !== null)),
    /** The rules by which it sounds from now on. @param {{mode: string, volume: number}} newest */
    obey(newest) {
      rules = newest;
    },
    /** Browsers keep a page silent until somebody touches it (a kiosk browser is told not to). */
    blocked: () => rules.mode !== "off" && context.state !== "running",
    unblock: () => context.resume(),

    /** Chime and voice for one call; settles when all is said, whatever failed, or when it is cut off. */
    async announce(announcement, signal) {
      const languages = voice && rules.mode === "voice" ? announcement.languages : [];
      const speeches = languages.map((language) => load(context, speechAddress(voice, language, announcement)));
      loudness.gain.cancelScheduledValues(0);
      loudness.gain.setValueAtTime(rules.volume / 100, context.currentTime);
      await play(await readyChime(), signal);
      for (const speech of speeches) {
        const buffer = await speech;
        if (buffer) await play(buffer, signal);
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    },
  };

  /** The display program's chime, asked for again where it did not answer; else our own. */
  async function readyChime() {
    const loaded = await chimeBuffer;
    if (!loaded) chimeBuffer = chime ? load(context, chime) : null;
    return loaded ?? synthesisedChime(context);
  }

  /** @param {AudioBuffer} buffer @param {AbortSignal} signal */
  function play(buffer, signal) {
    if (signal.aborted) return undefined;
    return new Promise((resolve) => {
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(loudness);
      source.addEventListener("ended", resolve, { once: true });
      // If the sound card goes away "ended" never comes; the next call must still be said.
      setTimeout(resolve, buffer.duration * 1000 + 2000);
      signal.addEventListener("abort", () => {
        loudness.gain.setTargetAtTime(0, context.currentTime, FADE_S / 3);
        source.stop(context.currentTime + FADE_S);
      });
      source.start();
    });
  }
}

function speechAddress(voice, language, { number, label, kind }) {
  return `${voice}/${language}.wav?${new URLSearchParams({ number, label, kind })}`;
}

async function load(context, address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(LOAD_MS) });
    if (!answer.ok) return null;
    return await context.decodeAudioData(await answer.arrayBuffer());
  } catch (error) {
    console.warn(`${address} gives no sound:`, error);
    return null;
  }
}

/** Two falling notes, as server/sdk/speech/wave_file.py makes them; for a board page without the display program. */
function synthesisedChime(context) {
  const seconds = 1.4;
  const buffer = context.createBuffer(1, context.sampleRate * seconds, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (const [begin, pitch] of [[0, 659.26], [0.42, 523.25]]) {
    for (let index = Math.ceil(begin * context.sampleRate); index < samples.length; index++) {
      const since = index / context.sampleRate - begin;
      const turn = 2 * Math.PI * pitch * since;
      const ends = Math.min(1, since / 0.012, (seconds - begin - since) / 0.1);
      samples[index] += 0.38 * ends * Math.exp(-3.6 * since) * (Math.sin(turn) + 0.25 * Math.sin(2 * turn));
    }
  }
  return buffer;
}
