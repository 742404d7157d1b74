// What visitors touched, on its way to the server: kept until it was taken, each mark counted once by its press id.
// Own words are never kept on the tablet: without contact they are lost, the reasons are not.

const KEPT = "talon-presses";
const RETRY_MS = 3000;
/** Older touches say nothing about a visit any more: the server's limit is a week. */
const OLDEST_MS = 24 * 3600 * 1000;

/**
 * @param {{desk: string, token: string, onRefused: (detail: string) => void}} options
 * @returns {{add: (score: number) => string, tell: (path: string, body: any, words?: string) => void}}
 *   `add` returns the press id; `tell` sends what follows a mark after it, `words` only while they are in memory
 */
export function pressLine({ desk, token, onRefused }) {
  const kept = read();
  const words = new Map();
  let sending = false;
  if (kept.length) send();

  function add(score) {
    const press_id = freshId();
    put({ score, press_id, at: Date.now() });
    return press_id;
  }

  function tell(path, body, own = "") {
    const key = freshId();
    if (own) words.set(key, own);
    put({ path, body, key, at: Date.now() });
  }

  function put(touch) {
    kept.push(touch);
    write(kept);
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (kept.length) {
      const touch = kept[0];
      if (Date.now() - touch.at < OLDEST_MS && !(await deliver(touch))) break;
      kept.shift();
      words.delete(touch.key);
      write(kept);
    }
    sending = false;
    if (kept.length) setTimeout(send, RETRY_MS);
  }

  /** True when the server has answered, whatever it answered; false: try again later. */
  async function deliver(touch) {
    try {
      const answer = await fetch(`/api/v1/${touch.path ?? "ratings"}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Authorization: `Bearer ${token}`,
          "Accept-Language": document.documentElement.lang,
          ...(touch.key ? { "Idempotency-Key": touch.key } : {}),
        },
        body: JSON.stringify(bodyOf(touch)),
        signal: AbortSignal.timeout(8000),
      });
      if (answer.status >= 500) return false;
      // A mark that was refused matters to whoever installs; what follows a mark does not.
      if (!answer.ok && !touch.path) onRefused((await answer.json().catch(() => null))?.detail ?? "");
      return true;
    } catch (fault) {
      return false;
    }
  }

  function bodyOf({ score, press_id, at, path, body, key }) {
    if (!path) return { desk, score, press_id, source: "tablet", pressed_seconds_ago: Math.max(0, Date.now() - at) / 1000 };
    return words.has(key) ? { ...body, comment: words.get(key) } : body;
  }

  return { add, tell };
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
