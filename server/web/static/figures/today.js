// Keeps the manager's day true: its part about now is taken anew from the server, and only if something changed.
// One office is taken at its news; the company, whose offices have no common news, every few seconds.
import { localTime } from "/shared/draw.js";
import { followNews } from "/shared/news.js";

const LEAST_MS = 4000; // a busy hall changes every second, nobody reads that fast
const COMPANY_MS = 12_000;
const OFFICE_MS = 30_000; // without news waits grow
const PATIENCE_MS = 8000;

const { lang } = document.documentElement;
const now = () => document.getElementById("now");
const { office } = now().dataset;
const lost = document.getElementById("lost");
const spoken = document.getElementById("spoken");
const seen = document.getElementById("seen");

let mark = "";
let taken = Date.now();
let taking = false;
let due = null;

let ahead = Date.parse(now().dataset.at) - Date.now(); // the server's clock, whatever the PC's says
show();
if (office) {
  followNews({
    rooms: [`hall:${office}`],
    onState: (_room, { version }) => version > Number(now().dataset.version) && soon(LEAST_MS),
  });
}
soon(office ? OFFICE_MS : COMPANY_MS);
document.addEventListener("visibilitychange", () => document.hidden || soon(0));

/** Take the page anew `wait` after it was taken last, or earlier if that is planned. */
function soon(wait) {
  const at = taken + wait;
  if (due && due.at <= at) return;
  clearTimeout(due?.timer);
  due = { at, timer: setTimeout(refresh, Math.max(0, at - Date.now())) };
}

async function refresh() {
  due = null;
  if (!document.hidden && !taking) {
    taking = true;
    await take();
    taking = false;
  }
  taken = Date.now();
  soon(office ? OFFICE_MS : COMPANY_MS);
}

async function take() {
  try {
    const headers = mark ? { "If-None-Match": mark } : {};
    const answer = await fetch(location.href, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(answer.statusText);
      mark = answer.headers.get("ETag") ?? "";
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    lost.hidden = true;
    show();
  } catch {
    lost.hidden = false;
  }
}

/** The fresh part in place of the old one; who reads or stands in it by keyboard stays where they are. */
function put(page) {
  const fresh = page.getElementById("now");
  if (!fresh) return;
  const old = now();
  ahead = Date.parse(fresh.dataset.at) - Date.now();
  const places = [...old.querySelectorAll(".wide")].map((wide) => wide.scrollLeft);
  const focused = old.contains(document.activeElement) ? sameAs(document.activeElement) : "";
  old.replaceWith(fresh);
  fresh.querySelectorAll(".wide").forEach((wide, index) => (wide.scrollLeft = places[index] ?? 0));
  if (focused) fresh.querySelector(focused)?.focus({ preventScroll: true });
  if (fresh.dataset.alerts !== old.dataset.alerts) spoken.textContent = fresh.querySelector(".attention h2").textContent;
}

function sameAs(element) {
  const href = element.getAttribute("href");
  const section = element.closest("section")?.getAttribute("aria-labelledby");
  const inside = section ? `section[aria-labelledby="${section}"] ` : "";
  return inside + (href ? `a[href="${CSS.escape(href)}"]` : ".wide");
}

function show() {
  const moment = new Date(Date.now() + ahead);
  const time = seen.querySelector("time");
  time.textContent = localTime(moment, now().dataset.timezone || undefined, lang);
  time.dateTime = moment.toISOString();
  seen.hidden = false;
}
