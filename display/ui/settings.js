// Where the board's page is: behind the display program (its /config.json) or on the server (address and key).

const DEFAULTS = {
  server: "",
  token: "",
  office: "",
  highlight_seconds: 12,
  announcement_limit_seconds: 60,
  sound: "chime",
  volume: 100,
  chime: null,
  voice: null,
};

/** @returns {Promise<typeof DEFAULTS & {program: boolean}>} program: the display program serves the page */
export async function readSettings() {
  const [, place, office] = window.location.pathname.split("/");
  if (place === "board" && office) {
    return { ...DEFAULTS, program: false, office: decodeURIComponent(office), token: tokenFromAddress() };
  }
  const answer = await fetch("/config.json");
  return { ...DEFAULTS, program: true, ...(await answer.json()) };
}

/** The token comes once after "#"; it is kept for reloads and taken out of the address bar. */
function tokenFromAddress() {
  const given = window.location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("talon-board-token", given);
    history.replaceState(null, "", window.location.pathname);
  }
  return given || sessionStorage.getItem("talon-board-token") || "";
}
