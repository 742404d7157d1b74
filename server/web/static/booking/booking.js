// What JavaScript adds to the booking pages; each of them works without it.
import { keepFrameHeight } from "./framed.js";
import { tellTimeLeft } from "./hold_time.js";
import { proveOnSubmit } from "./robot_check.js";

keepFrameHeight();
nameZoneToStrangers();
tellTimeLeft(document.querySelector(".hold"));
proveOnSubmit(document.querySelector("form[data-proof]"));

/** Whoever lives by the office's clock need not be told which one it is. */
function nameZoneToStrangers() {
  for (const line of document.querySelectorAll(".zone")) {
    line.hidden = -new Date().getTimezoneOffset() === Number(line.dataset.offset);
  }
}
