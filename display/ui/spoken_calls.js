// Remembers which calls were said, also across reloads of the page, so that none is said twice.

// By the page's address: two boards of one server open in one browser are two zones, each says its own.
const KEY = `talon-spoken${window.location.pathname}`;
const KEPT_MS = 60 * 60 * 1000; // far beyond the age at which a call is no longer said
const KEPT_COUNT = 500;

/** @returns {{has: (id: string) => boolean, add: (id: string, now: number) => void}} now: server's clock, ms */
export function spokenCalls() {
  let spoken = read();
  return {
    has: (id) => id in spoken,
    add(id, now) {
      const recent = Object.entries(spoken).filter(([, at]) => now - at < KEPT_MS);
      spoken = Object.fromEntries([...recent.slice(-KEPT_COUNT), [id, now]]);
      write(spoken);
    },
  };
}

// A browser may refuse storage (private window, full disk): the page then remembers until its reload.
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function write(spoken) {
  try {
    localStorage.setItem(KEY, JSON.stringify(spoken));
  } catch (error) {
    console.warn("said calls are not remembered across reloads:", error);
  }
}
