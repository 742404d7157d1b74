// Simulated pads and signs: shows what each device shows, and presses its keys.
import { el } from "/shared/draw.js";
import { _, currentLanguage, loadWords } from "/shared/words.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };
const LOOK_EVERY = 500;

let shown = "";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function look() {
  try {
    const { devices } = await (await fetch("/devices")).json();
    const state = JSON.stringify([currentLanguage(), devices]);
    if (state !== shown) draw(devices);
    shown = state;
  } catch {
    byId("answer").textContent = _("The simulator does not answer. It may be starting again.");
  }
}

/** Draw one card per desk; the key that had the focus keeps it. */
function draw(devices) {
  const focused = document.activeElement?.id;
  const desks = [...new Set(devices.map((device) => device.desk))];
  byId("desks").replaceChildren(...desks.map((desk) => card(desk, devices.filter((device) => device.desk === desk))));
  if (focused) document.getElementById(focused)?.focus();
}

function card(desk, devices) {
  return el("section", { class: "desk" }, el("h2", {}, desk), devices.map((device) => (device.kind === "pad" ? pad(device) : sign(device))));
}

function sign(device) {
  const text = device.text || "—";
  const label = _("The sign shows %(text)s", { text });
  return el("div", { class: "sign number", dataset: { mode: device.mode }, role: "img", "aria-label": label }, text);
}

function pad(device) {
  const state = device.pad === "armed" ? _("The pad asks for a rating") : _("The pad is asleep: a press will not count");
  const keys = device.keys.map((key) =>
    el(
      "button",
      { id: `${device.desk}-${key}`, dataset: { lit: String(device.lights.includes(key)) }, onclick: () => press(device.desk, key) },
      String(key),
    ),
  );
  return el("div", {}, el("p", {}, state), el("div", { class: "keys" }, keys));
}

async function press(desk, key) {
  const answer = await fetch("/press", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ desk, key }),
  });
  byId("answer").textContent = answer.ok ? _("Key %(key)s was pressed at %(desk)s", { key, desk }) : (await answer.json()).detail;
  await look();
}

async function speak(language) {
  await loadWords("bridge", language);
  document.title = _("Simulated pads and signs");
  byId("title").textContent = _("Simulated pads and signs");
  byId("note").textContent = _("They talk to the bridge over the same protocol as real ones. Demonstration only.");
  byId("languages").replaceChildren(
    ...Object.entries(LANGUAGES).map(([code, name]) =>
      el("button", { lang: code, "aria-current": String(code === language), onclick: () => speak(code).then(look) }, name),
    ),
  );
}

const wanted = new URLSearchParams(window.location.search).get("language") ?? "";
await speak(wanted in LANGUAGES ? wanted : "ru");
await look();
setInterval(look, LOOK_EVERY);
