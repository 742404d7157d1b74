// Touches on their way to the server: kept until it has taken them, each counted once by its press id.

const KEPT = "talon-presses";
const RETRY_MS = 3000;
/** Older touches say nothing about a visit any more: the server's limit is a week. */
const OLDEST_MS = 24 * 3600 * 1000;

/**
 * @param {{desk: string, token: string, onRefused: (detail: string) => void}} options
 * @returns {{add: (score: number) => void}}
 */
export function pressLine({ desk, token, onRefused }) {
  const kept = read();
  let sending = false;
  if (kept.length) send();

  function add(score) {
    kept.push({ score, press_id: freshId(), at: Date.now() });
    write(kept);
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (kept.length) {
      const press = kept[0];
      if (Date.now() - press.at < OLDEST_MS && !(await deliver(press))) break;
      kept.shift();
      write(kept);
    }
    sending = false;
    if (kept.length) setTimeout(send, RETRY_MS);
  }

  /** True when the server has answered, whatever it answered; false: try again later. */
  async function deliver({ score, press_id, at }) {
    const pressed_seconds_ago = Math.max(0, Math.floor((Date.now() - at) / 1000));
    try {
      const answer = await fetch("/api/v1/ratings", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Authorization: `Bearer ${token}`,
          "Accept-Language": document.documentElement.lang,
        },
        body: JSON.stringify({ desk, score, press_id, source: "tablet", pressed_seconds_ago }),
        signal: AbortSignal.timeout(8000),
      });
      if (answer.status >= 500) return false;
      if (!answer.ok) onRefused((await answer.json().catch(() => null))?.detail ?? "");
      return true;
    } catch (fault) {
      return false;
    }
  }

  return { add };
}

function freshId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch (fault) {
    return [];
  }
}

function write(presses) {
  localStorage.setItem(KEPT, JSON.stringify(presses));
}
