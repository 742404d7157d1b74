// Calling the administrator: asked once, so that a stray touch brings nobody running.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { awaitAnswer, backButton, isAwaiting, mainButton } from "./buttons.js";
import { emblem } from "./frame.js";
import { callStaff } from "./kiosk_program.js";
import { hotLine } from "./service_words.js";

/** @param {{back: () => void, told?: "yes"|"no"}} details */
export function staffScreen(page, details) {
  const call = mainButton(_("Call the administrator"), async () => {
    if (isAwaiting()) return;
    awaitAnswer(call);
    details.told = (await callStaff({ language: page.language })) ? "yes" : "no";
    if (call.isConnected) page.go("staff", details);
  });
  const words = {
    yes: _("The administrator has been told and will come to this terminal. Please wait here."),
    no: _("The call did not get through. Please go to the nearest window, they will help you."),
  };
  const text = words[details.told] ?? _("The administrator of the hall will come to this terminal and help you.");
  return {
    elements: [
      emblem("staff"),
      el("h1", { tabindex: "-1" }, details.told === "yes" ? _("Help is coming") : _("Do you need help?")),
      el("p", { class: "sentence" }, text),
      details.told === "no" && hotLine(page.state.office),
      details.told !== "yes" && call,
      backButton(details.back),
    ].filter(Boolean),
    say: text,
  };
}
