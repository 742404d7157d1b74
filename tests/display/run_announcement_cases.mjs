// Runs announcement_cases.json (standard input) on ui/announcement_rules.js (its path is the argument); prints answers.
import { readFileSync } from "node:fs";

const source = readFileSync(process.argv[2], "utf-8");
const { makeQueue } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const NOON = Date.UTC(2026, 2, 2, 9);
const VOICE = { mode: "voice", repeats: 0, repeat_after_seconds: 8, hours: [], limit_seconds: 60, languages: ["ru"] };

const iso = (seconds) => new Date(NOON + seconds * 1000).toISOString();
const ms = (seconds) => NOON + seconds * 1000;
const call = (id) => ({ id, at: iso(Number(id.split("@")[1])), number: id.split("@")[0] });

function row(text) {
  const [id, state] = text.split(" ");
  const { at, number } = call(id);
  return { call_id: id, called_at: at, number, state, label: "5", kind: "window" };
}

function answers(steps) {
  const spoken = new Set();
  const queue = makeQueue((id) => spoken.has(id));
  let view;
  let turn;
  const found = [];
  for (const [what, first, second, third] of steps) {
    if (what === "view") {
      view = { at: iso(first), timezone: "Europe/Moscow", called: second.map(row), voice: { ...VOICE, ...third } };
    } else if (what === "offer") queue.offer(first.map(call));
    else if (what === "spoken") spoken.add(first);
    else if (what === "said") queue.said(turn, view, ms(first));
    else if (what === "unsaid") queue.unsaid(turn, ms(first));
    else if (what === "unheard") {
      spoken.delete(turn.announcement.id);
      queue.unsaid(turn, ms(first));
    } else if (what === "first") found.push(queue.hasFirst(view, ms(first)));
    else if (what === "wait") {
      const wait = queue.wait(ms(first));
      found.push(wait === null ? null : wait / 1000);
    } else if (what === "next") {
      const next = queue.next(view, ms(first));
      turn = next ?? turn;
      if (next) spoken.add(next.announcement.id);
      found.push(next && next.announcement.id + (next.times ? ` again ${next.times}` : ""));
    } else throw new Error(what);
  }
  return found;
}

const { cases } = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, steps]) => [name, answers(steps)]))));
