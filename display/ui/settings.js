// Where the board's page is: behind the display program (its /config.json) or on the server (address and key).

const DEFAULTS = {
  server: "",
  token: "",
  office: "",
  board: "", // "": the first of the office
  mode: null, // this place's own sound instead of the board's: "off", "chime", "voice"
  volume: null, // the same
  chime: null,
  voice: null,
};

/**
 * `sound` is "off" where the page stays silent by the settings, else "voice": then the board's rules decide.
 * @returns {Promise<typeof DEFAULTS & {program: boolean, sound: "off" | "voice"}>} program: the display program
 *   serves the page
 */
export async function readSettings() {
  const [, place, office, board = ""] = window.location.pathname.split("/").map(decodeURIComponent);
  if (place === "board" && office) {
    return { ...DEFAULTS, program: false, sound: "voice", office, board, token: tokenFromAddress() };
  }
  const answer = await fetch("/config.json");
  const { sound: mode, alsa, ...given } = await answer.json();
  // Where the program itself plays (alsa), a page that sounded too would say everything twice.
  return { ...DEFAULTS, ...given, program: true, mode, sound: alsa || mode === "off" ? "off" : "voice" };
}

/** The token comes once after "#"; it is kept for reloads and taken out of the address bar. */
export function tokenFromAddress() {
  const given = window.location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("talon-board-token", given);
    history.replaceState(null, "", window.location.pathname);
  }
  return given || sessionStorage.getItem("talon-board-token") || "";
}
