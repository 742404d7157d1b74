// Keys: a keypad or keyboard works every screen, and a scanner that types is told from a person who types.

/** A scanner's keys come closer together than this; a person's do not. */
const BURST_MS = 70;
/** Shorter bursts are a person's quick fingers. */
const SHORTEST_CODE = 4;
const FORWARD = ["ArrowDown", "ArrowRight"];
const BACKWARD = ["ArrowUp", "ArrowLeft"];

/**
 * Characters are kept until a moment of quiet tells whether they were a burst.
 * @param {object} options
 * @param {(read: string) => void} options.onCode a burst ended by Enter
 * @param {(key: string) => boolean} options.onType a character, "Backspace" or "Enter"; true when it was used
 */
export function watchKeys({ onCode, onType }) {
  let burst = "";
  let quiet = 0;

  function flush() {
    clearTimeout(quiet);
    const keys = [...burst];
    burst = "";
    for (const key of keys) onType(key) || chooseByDigit(key);
  }

  function onKey(event) {
    // A key held down presses once.
    if (event.repeat && event.key !== "Tab") return event.preventDefault();
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // A space alone presses the button it stands on.
    const presses = event.key === " " && !burst && onButton();
    if (event.key.length === 1 && !presses) {
      event.preventDefault();
      burst += event.key;
      clearTimeout(quiet);
      quiet = setTimeout(flush, BURST_MS);
    } else if (event.key === "Enter" && burst.length >= SHORTEST_CODE) {
      event.preventDefault();
      clearTimeout(quiet);
      const read = burst;
      burst = "";
      onCode(read);
    } else {
      // A shift between the characters of a burst is part of the burst.
      if (event.key === "Shift") return;
      flush();
      onOther(event);
    }
  }

  function onOther(event) {
    if (event.key === "Escape") {
      // The question whether somebody is still there answers Escape by itself.
      if (!document.querySelector("dialog[open]")) chooseByDigit("0");
    } else if (FORWARD.includes(event.key)) move(1, event);
    else if (BACKWARD.includes(event.key)) move(-1, event);
    else if (event.key === "Backspace" || (event.key === "Enter" && !onButton())) {
      if (onType(event.key)) event.preventDefault();
    }
  }

  addEventListener("keydown", onKey, true);
}

const onButton = () => document.activeElement?.matches("button") ?? false;

/** What may have the focus now, in the order of the page. */
function stops() {
  const room = document.querySelector("dialog[open]") ?? document.body;
  return [...room.querySelectorAll("button:enabled, [tabindex='0']")].filter((one) => one.checkVisibility());
}

/** Arrows walk through the buttons: main ones first, round at the end. */
function move(by, event) {
  const all = stops();
  const from = document.activeElement;
  event.preventDefault();
  if (all.length === 0) return;
  const at = all.indexOf(from);
  // From a heading the next button is the one behind it.
  const behind = all.findIndex((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = at >= 0 ? at + by : by > 0 ? behind : behind - 1;
  all[(next + all.length) % all.length].focus();
}

/** The button with this digit; not while a new screen settles under a quick finger. */
function chooseByDigit(key) {
  if (!/^[0-9]$/.test(key) || document.querySelector("dialog[open], main.settling")) return;
  const button = document.querySelector(`main [data-digit="${key}"]:enabled`);
  if (button?.checkVisibility()) button.click();
}
