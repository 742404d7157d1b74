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
 * @returns {Promise<Answer>}
 *
 * @typedef {object} Answer a ticket and its print job, or why there is none
 * @property {any} [ticket]
 * @property {string} [job]
 * @property {"refused"|"unreachable"|"broken"} [kind]
 * @property {string} [text]
 */
export function takeTicket(wish) {
  return post("/take", wish);
}

/**
 * A booked visitor has come.
 * @param {{code?: string, phone_digits?: string, tap: string, language: string}} booking
 * @returns {Promise<Answer>}
 */
export function checkIn(booking) {
  return post("/check-in", booking);
}

/** Print what an information screen shows. @param {{service: string, language: string}} wish @returns {Promise<{job?: string}>} */
export function printInformation(wish) {
  return post("/print-information", wish);
}

/** Ask the administrator to come. @param {{language: string}} wish @returns {Promise<boolean>} whether somebody was told */
export async function callStaff(wish) {
  return !(await post("/call-staff", wish)).kind;
}

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15000),
    });
    const result = answer.status === 204 ? {} : await answer.json();
    return answer.ok || result.kind ? result : { kind: "broken" };
  } catch {
    return { kind: "unreachable" };
  }
}

/** Whether paper can be expected; a printer nobody knows about is tried. */
export function canPrint(state) {
  return !["paper_out", "cover_open", "cutter", "error", "offline"].includes(state.printer);
}

/** A new name for one tap. */
export function newTap() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Follow a print job until it ends.
 * @param {string} job
 * @param {(state: "queued"|"printed"|"failed"|"unknown", formerInMouth: boolean) => void} onState the second:
 *   the ticket before it hangs in the printer's mouth too
 * @returns {() => void} stops following
 */
export function followJob(job, onState) {
  let followed = true;
  const ask = async () => {
    let found = { state: "queued", former_in_mouth: false };
    try {
      const answer = await fetch(`/jobs/${job}`, { signal: AbortSignal.timeout(3000) });
      found = answer.ok ? await answer.json() : { state: "unknown", former_in_mouth: false };
    } catch {
      await new Promise((done) => setTimeout(done, 500));
    }
    if (!followed) return;
    onState(found.state, found.former_in_mouth);
    if (found.state === "queued") ask();
  };
  ask();
  return () => (followed = false);
}
