// Talks with the kiosk program on this machine: its state, taking a ticket, how a print job stands.

const POLL_MS = 1000;
/** Missed answers before the page says that the terminal pauses. */
const PATIENCE = 5;

/**
 * Call `onState` with the program's state whenever it changes. When the program itself is silent
 * (it restarts), the last state is given once more as out of reach.
 * @param {(state: any) => void | Promise<void>} onState
 */
export function watchState(onState) {
  let tag = null;
  let missed = 0;
  let last = { office: null, reachable: false, times: { idle: 45, warning: 12, ticket: 20 } };
  const ask = async () => {
    try {
      const answer = await fetch("/state", { signal: AbortSignal.timeout(3000) });
      if (!answer.ok) throw new Error(`state: ${answer.status}`);
      missed = 0;
      if (answer.headers.get("ETag") !== tag) {
        last = await answer.json();
        tag = answer.headers.get("ETag");
        await onState(last);
      }
    } catch {
      missed += 1;
      if (missed === PATIENCE) {
        tag = null;
        await onState({ ...last, reachable: false });
      }
    }
    setTimeout(ask, POLL_MS);
  };
  ask();
}

/**
 * Ask for a ticket. The same `tap` never gives two tickets.
 * @param {{service: string, language: string, category?: string, tap: string}} wish
 * @returns {Promise<{ticket?: any, job?: string, kind?: "refused"|"unreachable"|"broken", text?: string}>}
 */
export async function takeTicket(wish) {
  try {
    const answer = await fetch("/take", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
      signal: AbortSignal.timeout(15000),
    });
    const result = await answer.json();
    return answer.ok || result.kind ? result : { kind: "broken" };
  } catch {
    return { kind: "unreachable" };
  }
}

/** A new name for one tap. */
export function newTap() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Follow a print job until it ends.
 * @param {string} job
 * @param {(state: "queued"|"printed"|"failed"|"unknown") => void} onState
 * @returns {() => void} stops following
 */
export function followJob(job, onState) {
  let followed = true;
  const ask = async () => {
    let state = "queued";
    try {
      const answer = await fetch(`/jobs/${job}`, { signal: AbortSignal.timeout(3000) });
      state = answer.ok ? (await answer.json()).state : "unknown";
    } catch {
      await new Promise((done) => setTimeout(done, 500));
    }
    if (!followed) return;
    onState(state);
    if (state === "queued") ask();
  };
  ask();
  return () => (followed = false);
}
