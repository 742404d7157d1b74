// Commands to the server by HTTP: one fresh key per act, so that a repeat is never a second act.
import { _ } from "/shared/words.js";

const PATIENCE_MS = 8000;

/** A random id that nobody else makes; works also on a plain-HTTP office network, where randomUUID is absent. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Send a command. A lost answer is asked for once more under the same key.
 * @param {string} path under /api/v1, for example "desks/zarechny-1/call-next"
 * @param {object} [body]
 * @param {{asVisitor?: boolean}} [options] `asVisitor`: by the ticket's code alone, whoever is signed in here
 * @returns {Promise<{ok: true, data: any} | {ok: false, code: string, detail: string, nearest?: string[]}>}
 *   `nearest`: other free times when a time is taken
 */
export async function send(path, body = {}, { asVisitor = false } = {}) {
  const headers = {
    "Content-Type": "application/json",
    "Accept-Language": document.documentElement.lang,
    "Idempotency-Key": freshId(),
    "X-CSRFToken": document.querySelector("meta[name=csrf-token]")?.content ?? "",
  };
  const request = { method: "POST", headers, body: JSON.stringify(body), credentials: asVisitor ? "omit" : "same-origin" };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await outcome(await fetch(`/api/v1/${path}`, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) }));
    } catch (fault) {
      if (attempt === 2) return { ok: false, code: "no_answer", detail: noAnswer() };
    }
  }
}

/** Ask for a state. @returns {Promise<{ok: true, data: any} | {ok: false, code: string, detail: string}>} */
export async function ask(path) {
  try {
    const headers = { "Accept-Language": document.documentElement.lang };
    return await outcome(await fetch(`/api/v1/${path}`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }));
  } catch (fault) {
    return { ok: false, code: "no_answer", detail: noAnswer() };
  }
}

/** @param {Response} answer */
async function outcome(answer) {
  const data = await answer.json().catch(() => null);
  if (answer.ok && data) return { ok: true, data };
  return { ok: false, code: data?.code ?? "", detail: data?.detail ?? noAnswer(), nearest: data?.nearest ?? [] };
}

function noAnswer() {
  return _("The server does not answer. When it does, the screen will show what was done.");
}
