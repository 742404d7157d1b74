// What staff call the devices of a hall and the states of a printer.
import { _ } from "/shared/words.js";

/** A state of a terminal's printer in words; undefined where the state is none of those. */
export function printerWords(state) {
  const words = {
    ready: () => _("the printer is ready"),
    unknown: () => _("the printer does not tell its state"),
    near_end: () => _("the paper is running out"),
    paper_out: () => _("no paper"),
    cover_open: () => _("the printer's cover is open"),
    cutter: () => _("the knife is stuck"),
    error: () => _("the printer reports a fault"),
    offline: () => _("the printer does not answer"),
  };
  return words[state]?.();
}

/** "Hall board “Entrance”". @param {string} kind display or bridge @param {string} name as the device calls itself */
export function deviceName(kind, name) {
  const called = kind === "display" ? _("Hall board") : _("Pads and signs");
  return name ? `${called} «${name}»` : called;
}
