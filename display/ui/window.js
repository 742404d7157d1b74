// The screen over one window: its number, the ticket called or served there, or why it does not receive.
import { el } from "/shared/draw.js";
import { followNews } from "/shared/news.js";
import { tokenFromAddress } from "./settings.js";
import { loadWindowWords } from "./window_words.js";

const QUIET_MS = 2000; // a break of contact shorter than this is nobody's business

const desk = decodeURIComponent(window.location.pathname.split("/").filter(Boolean).at(-1));
const token = tokenFromAddress();
const words = await loadWindowWords();
const at = (id) => document.getElementById(id);

let view = null;
let lostTimer = null;
let problem = token ? "connecting" : "noToken";

if (token) {
  followNews({
    token,
    rooms: [`window:${desk}`],
    onState(_room, state) {
      view = state;
      problem = "";
      draw();
    },
    onLink(online) {
      clearTimeout(lostTimer);
      if (online) problem = "";
      else lostTimer = setTimeout(() => tell("lost"), QUIET_MS);
      draw();
    },
    onRefused: (_room, { detail }) => tell(detail),
  });
}
draw();

function tell(what) {
  problem = what;
  draw();
}

function draw() {
  const languages = view?.languages ?? ["ru", "kk", "en"];
  document.documentElement.lang = languages[0];
  document.body.dataset.state = view?.state ?? "";
  at("band").hidden = !view?.demonstration;
  if (view?.demonstration) say("band", languages, "demonstration");
  say("contact", problem && !(problem in words.en) ? [] : languages, problem);
  if (problem && !(problem in words.en)) at("contact").textContent = problem;
  if (!view) return;
  say("kind", languages, view.kind);
  at("label").textContent = view.label;
  at("number").textContent = view.number ?? "";
  at("number").hidden = !view.number;
  at("number").dataset.length = String(view.number?.length ?? 0);
  say("state", languages, view.state);
  at("operator").textContent = view.operator;
  document.title = `${view.label} ${view.number ?? ""}`;
}

/** The same words in each language, one below the other, equal ones once. */
function say(id, languages, key) {
  const texts = languages.map((language) => [language, words[language][key] ?? ""]);
  const different = texts.filter(([, text], n) => text && texts.findIndex(([, other]) => other === text) === n);
  at(id).replaceChildren(...different.map(([lang, text]) => el("span", { lang }, text)));
}
