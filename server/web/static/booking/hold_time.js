// Tells in words how long a place is still held. Counted by this device from when the page came, so that a
// wrong clock does no harm.
import { _, loadWords, ngettext } from "/shared/words.js";

const SOON_MINUTES = 2;

/** @param {HTMLElement | null} note the line with the end of the hold */
export async function tellTimeLeft(note) {
  if (!note) return;
  const end = performance.now() + Number(note.dataset.seconds) * 1000;
  const said = note.querySelector(".left");
  await loadWords("web", document.documentElement.lang);
  let told = null;
  const tick = () => {
    const minutes = Math.ceil((end - performance.now()) / 60_000);
    if (minutes === told) return;
    told = minutes;
    if (minutes <= 0) {
      said.textContent = _("The time has run out: please choose a time again.");
      clearInterval(timer);
    } else if (minutes <= SOON_MINUTES) {
      said.textContent = ngettext("%(n)s minute is left.", "%(n)s minutes are left.", minutes);
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}
