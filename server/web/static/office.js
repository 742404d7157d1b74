// Keeps the office's page true: when the queue changes, the part about now is taken anew from the server.
import { followNews } from "/shared/news.js";
import { fillTimes } from "./local_times.js";

const LEAST_MS = 5000; // a busy hall changes every second, nobody reads that fast
const now = () => document.getElementById("now");

let newest = Number(now().dataset.version);
let due = null;
let taken = 0;

followNews({
  rooms: [`kiosk:${now().dataset.office}`],
  onState(_room, { version }) {
    if (version === newest) return;
    newest = version;
    due ??= setTimeout(refresh, Math.max(0, taken + LEAST_MS - Date.now()));
  },
});

async function refresh() {
  due = null;
  taken = Date.now();
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("now");
    if (!fresh) return;
    fillTimes(fresh);
    now().replaceWith(fresh);
  } catch {
    // Without contact the page stays as it is; the next news tries again.
  }
}
