// Loads the page anew after an update of the program that serves it: a board is left open for months.

const LOOK_MS = 30 * 60 * 1000;
const SOON_MS = 20 * 1000; // after a break of contact; up to twice as long, so that not all boards ask at once

/**
 * Compares marks of the page's own files with those from its beginning. Reloads only when two looks,
 * one after the other, found the same change: never in the middle of an update.
 * @param {() => boolean} calm whether the hall would not miss a call now
 * @returns {() => void} to be told of each renewed contact: an update is a restart
 */
export function stayCurrent(calm) {
  let files = null;
  let first = null;
  let changed = null;
  let timer;

  async function look() {
    files ??= ownFiles();
    const found = await mark(files);
    first ??= found;
    const differs = found !== null && found !== first;
    if (differs && found === changed && calm()) return window.location.reload();
    changed = differs ? found : null;
    lookAgain(differs ? SOON_MS : LOOK_MS);
  }

  function lookAgain(after) {
    clearTimeout(timer);
    timer = setTimeout(look, after * (1 + Math.random()));
  }

  lookAgain(SOON_MS);
  return () => lookAgain(SOON_MS);
}

function ownFiles() {
  const own = performance
    .getEntriesByType("resource")
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === window.location.origin && /^\/(ui|shared)\//.test(pathname));
  return [window.location.pathname, ...new Set(own.map(({ pathname }) => pathname))];
}

/** One text that is another as soon as any of the files is; null while not all of them can be had. */
async function mark(files) {
  try {
    const answers = await Promise.all(files.map((file) => fetch(file, { method: "HEAD", cache: "no-store" })));
    if (!answers.every(({ ok }) => ok)) return null;
    return answers.map(({ headers }) => headers.get("ETag")).join(" ");
  } catch {
    return null;
  }
}
