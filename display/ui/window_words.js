// The words of the screen over a window, in all languages at once.
import { _, loadWords } from "/shared/words.js";

/** Load the catalogues. @returns {Promise<Record<"ru"|"kk"|"en", Record<string, string>>>} */
export async function loadWindowWords() {
  const found = {};
  for (const language of ["en", "kk", "ru"]) {
    await loadWords("display", language);
    found[language] = {
      window: _("Window"),
      room: _("Room"),
      counter: _("Counter"),
      called: _("Please come here"),
      serving: _("Being served"),
      free: _("Free"),
      break: _("Break"),
      closed: _("Closed"),
      connecting: _("Connecting to the server…"),
      lost: _("No contact with the server, it will come back by itself"),
      noToken: _("This screen has no key. Open the whole link from the start page or the settings."),
      demonstration: _("Demonstration: people and figures are made up"),
    };
  }
  return found;
}
