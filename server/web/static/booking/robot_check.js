// Does the work an office asks of browsers before a hold. Without JavaScript, or when it fails, the form goes
// as it is, and the server counts such holds more strictly.
import { _, loadWords } from "/shared/words.js";

/** @param {HTMLFormElement | null} form with the address of the challenge in `data-proof` */
export function proveOnSubmit(form) {
  if (!form) return;
  const words = loadWords("web", document.documentElement.lang);
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    await words;
    form.querySelector(".checking").textContent = _("One moment: checking that you are no robot…");
    const proof = await prove(form.dataset.proof).catch(() => "");
    form.append(hidden("proof", proof), hidden("at", event.submitter.value));
    form.submit();
  });
  // Whoever comes back by the browser's arrow finds new times, and a form that was not sent yet.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** The solved challenge as the server reads it: base64 of ALTCHA's JSON. @param {string} address */
async function prove(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return "";
  const challenge = await answer.json();
  const number = await solved(challenge);
  return btoa(JSON.stringify({ ...challenge, number }));
}

function solved(challenge) {
  const worker = new Worker(new URL("./robot_check_worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}
