// A text to read and to print: what an information-only service tells, or what to bring for a service.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { backButton, mainButton, numbered } from "./buttons.js";
import { ask } from "./confirm.js";
import { icon } from "./frame.js";
import { canPrint, followJob, printInformation } from "./kiosk_program.js";
import { plainText } from "./plain_text.js";
import { scrollButtons } from "./scrolling.js";
import { findService } from "./service_words.js";

/** @param {import("./confirm.js").Wish} details */
export function informationScreen(page, details) {
  const service = findService(page.state, details.service);
  const title = name(service?.name);
  const documents = name(service?.documents);
  const text = [name(service?.information), documents && `${_("What to bring")}:\n\n${documents}`];
  const texts = text.filter(Boolean).join("\n\n");
  const words = texts ? plainText(texts) : el("p", {}, _("There is no text yet. The staff will tell you."));
  const reading = el("div", { class: "reading", role: "region", tabindex: "0", "aria-label": title }, words);
  const paper = el("p", { class: "paper", role: "status", hidden: true });
  let unfollow = () => {};

  const turning = el("div", { class: "turning", role: "group", "aria-label": _("Pages") });
  const drawTurning = scrollButtons(turning, reading);

  async function onPrint() {
    if (print.disabled) return;
    said("queued");
    const result = await printInformation({ service: details.service, language: page.language });
    if (!reading.isConnected) return;
    if (result.job) unfollow = followJob(result.job, said);
    else said("failed");
  }

  function said(state) {
    const [sign, words, kind] = printWords(state);
    paper.replaceChildren(icon(sign), el("span", {}, words));
    paper.className = `paper ${kind}`;
    paper.hidden = false;
    print.disabled = state === "queued";
    drawTurning();
    page.resized();
  }

  const open = service?.state === "open";
  const print = numbered(open ? "second" : "primary act", 2, onPrint, icon("print"), _("Print"));
  const printable = texts && canPrint(page.state);
  const take = mainButton(_("Take a ticket"), () => ask(page, details, take));
  return {
    elements: [
      el("h1", { tabindex: "-1" }, title),
      reading,
      turning,
      paper,
      open ? take : printable && print,
      el("div", { class: "others" }, backButton(details.back), open && printable && print),
    ].filter(Boolean),
    shown: drawTurning,
    leave: () => unfollow(),
  };
}

/** Sign, words and look for the state of the print job. */
function printWords(state) {
  if (state === "queued") return ["print", _("The sheet is being printed"), ""];
  if (state === "printed") return ["done", _("Take your sheet"), "good"];
  return ["attention", _("It was not printed. You may photograph the screen"), "attention"];
}
