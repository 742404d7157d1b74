// Sound of the board: chime, then the voice in each language, one after the other through one audio context.

const LOAD_MS = 6000; // a speech program that hangs is given up; the hall has heard the chime
const GAP_MS = 400;

/**
 * @param {object} options
 * @param {number} options.volume 0–100
 * @param {string | null} options.chime address of the chime; null: synthesised here
 * @param {string | null} options.voice address of the voice; null: chime only
 * @param {() => void} options.onChange sound became possible or impossible
 */
export function makeSound({ volume, chime, voice, onChange }) {
  const context = new AudioContext();
  const loudness = new GainNode(context, { gain: volume / 100 });
  loudness.connect(context.destination);
  context.addEventListener("statechange", onChange);
  let chimeBuffer = null;

  return {
    /** Browsers keep a page silent until somebody touches it (a kiosk browser is told not to). */
    blocked: () => context.state !== "running",
    unblock: () => context.resume(),

    /** Chime and voice for one call; settles when all is said, whatever failed. */
    async announce(announcement) {
      const languages = voice ? announcement.languages : [];
      const speeches = languages.map((language) => load(context, speechAddress(voice, language, announcement)));
      chimeBuffer ??= (chime && (await load(context, chime))) || synthesisedChime(context);
      await play(chimeBuffer);
      for (const speech of speeches) {
        const buffer = await speech;
        if (buffer) await play(buffer);
      }
      await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    },
  };

  function play(buffer) {
    return new Promise((resolve) => {
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(loudness);
      source.addEventListener("ended", resolve, { once: true });
      // If the sound card goes away "ended" never comes; the next call must still be said.
      setTimeout(resolve, buffer.duration * 1000 + 2000);
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

/** Two falling notes, as display/wave_file.py makes them; for a board page without the display program. */
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
