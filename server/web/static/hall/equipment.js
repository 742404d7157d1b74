// The equipment of a hall: terminals, boards, pads and signs as they last told, with the cure of each fault.
import { el, localTime } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { _, loadWords } from "/shared/words.js";
import { send } from "../api.js";
import { deviceName, printerWords } from "./device_words.js";

const page = document.getElementById("equipment");
const { office, timezone } = page.dataset;
const mayManage = page.dataset.mayManage === "true";
const byId = (id) => document.getElementById(id);

await loadWords("web", document.documentElement.lang);
let version = -1;
let seenAt = null;

followNews({
  rooms: [`hall:${office}`],
  onState(_room, state) {
    if (state.version < version) return;
    version = state.version;
    seenAt = state.at;
    draw(state);
  },
  onLink(up) {
    byId("contact").hidden = up;
    if (!up) byId("contact").textContent = _("No contact with the server. Shown as of %(time)s.", { time: seenAt ? localTime(seenAt, timezone) : "—" });
  },
  onRefused: (_room, problem) => tell(problem.detail),
});

function draw({ terminals, devices }) {
  const focused = document.activeElement?.dataset.act;
  const cards = [...terminals.map(terminalCard), ...devices.map(deviceCard)];
  page.replaceChildren(...(cards.length ? cards : [el("p", { class: "quiet" }, _("No device has told of itself yet."))]));
  if (focused) page.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
}

/** Beyond these a person is needed: offline tickets count by this clock, and the journal needs this disk. */
const CLOCK_MS = 5000;
const DISK_MB = 200;

function terminalCard(terminal) {
  const facts = [];
  if (!terminal.silent) {
    const printer = printerWords(terminal.printer) ?? terminal.printer;
    facts.push(line(["ready", "unknown"].includes(terminal.printer) ? "ok" : terminal.printer === "near_end" ? "warning" : "fault", _("Printer"), printer));
    if (terminal.fault) facts.push(line("fault", _("What to do"), terminal.fault));
    if (terminal.unprinted.length) facts.push(line("fault", _("Not on paper"), terminal.unprinted.join(", ")));
    const ahead = Math.abs(terminal.clock_ahead_ms ?? 0);
    if (ahead > CLOCK_MS) facts.push(line("warning", _("Clock"), _("differs from the server's by %(n)s s", { n: Math.round(ahead / 1000) })));
    const free = terminal.disk_free_mb;
    if (free !== null && free !== undefined) facts.push(line(free < DISK_MB ? "fault" : "ok", _("Free disk"), _("%(n)s MB", { n: free })));
    if (terminal.offline_tickets) facts.push(line("warning", _("Tickets still to be handed in"), String(terminal.offline_tickets)));
  }
  const title = terminal.name ? _("Terminal %(name)s", { name: terminal.name }) : _("Terminal");
  return card(title, terminal, facts, mayManage && !terminal.silent ? acts(terminal) : null, terminal.version);
}

function deviceCard(device) {
  const words = { ok: _("in order"), warning: _("attention"), fault: _("fault") };
  const parts = device.silent ? [] : device.parts.map((part) => line(part.state, part.name, part.fault || words[part.state]));
  return card(deviceName(device.kind, device.name), device, parts, null, device.version);
}

function card(title, { silent, seen_at: seen }, lines, foot, version = "") {
  const heard = silent ? line("fault", _("Not heard of since"), localTime(seen, timezone)) : null;
  const worst = silent || lines.some(({ dataset }) => dataset.state === "fault") ? "fault" : lines.some(({ dataset }) => dataset.state === "warning") ? "warning" : "ok";
  const words = { ok: _("in order"), warning: _("attention"), fault: _("needs a person") };
  return el(
    "section",
    { class: "card device", dataset: { state: worst } },
    el("h2", {}, title, " ", el("span", { class: "mark", dataset: { state: worst } }, words[worst])),
    el("dl", {}, heard, ...lines),
    version && el("p", { class: "quiet" }, _("Version %(version)s", { version })),
    foot,
  );
}

function line(state, what, words) {
  return el("div", { dataset: { state } }, el("dt", {}, what), el("dd", {}, words));
}

function acts({ id, command }) {
  const words = { reprint_last: _("Print the last ticket again"), restart_page: _("Start the touch page anew") };
  return el(
    "p",
    { class: "acts" },
    Object.entries(words).map(([what, text]) => {
      const button = el("button", { type: "button", "aria-disabled": String(command === what), dataset: { act: `${what} ${id}` } }, text);
      button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && order(id, what, button));
      return button;
    }),
    command && el("span", { class: "quiet" }, _("The terminal has been told.")),
  );
}

async function order(terminal, what, button) {
  button.setAttribute("aria-disabled", "true");
  const answer = await send(`offices/${office}/terminal-command`, { terminal, what });
  if (answer.ok) {
    tell("");
    if (answer.data.version >= version) draw(answer.data);
  } else {
    button.setAttribute("aria-disabled", "false");
    tell(answer.detail);
  }
}

function tell(text) {
  byId("message").textContent = text;
}
