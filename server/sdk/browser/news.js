// News from the server: the newest whole state of each room a page follows, and announcements once.
import { io } from "./lib/socket.io.esm.min.js";

// After a break a screen is right again within two seconds: attempts follow each other every 0.35 to 1.05 s.
// The chance in them keeps the screens of an office from coming back all in one moment.
const LEAST_MS = 300;
const MOST_MS = 700;
const ANSWER_MS = 4000; // a line that swallows packets: TCP itself asks again after one second and after three
const REFUSED_MS = 3000; // who is refused again and again asks less often

/**
 * Follow rooms until the page closes. States come with a version; older ones are dropped.
 * After every reconnect the server sends each state anew, so a page is right whatever it missed.
 *
 * @param {object} options
 * @param {string} [options.server] address of the server; empty: where the page came from
 * @param {string} [options.token] device token; empty: the signed-in person's session, or none
 * @param {string[]} options.rooms
 * @param {(room: string, state: any) => void} options.onState
 * @param {(announcement: any) => void} [options.onSay]
 * @param {(online: boolean) => void} [options.onLink]
 * @param {(room: string, problem: {code: string, detail: string}) => void} [options.onRefused]
 * @returns {() => void} stops following
 */
export function followNews({ server = "", token = "", rooms, onState, onSay, onLink, onRefused }) {
  const versions = new Map();
  const spoken = new Set();
  const socket = io(server || window.location.origin, {
    transports: ["websocket"],
    auth: token ? { token } : {},
    reconnectionDelay: LEAST_MS,
    reconnectionDelayMax: MOST_MS,
    randomizationFactor: 0.5,
    timeout: ANSWER_MS,
  });
  let refusals = 0;
  socket.on("connect", () => {
    refusals = 0;
    versions.clear();
    for (const room of rooms) {
      socket.emit("follow", { room }, (problem) => problem && onRefused?.(room, problem));
    }
    onLink?.(true);
  });
  // The library gives up when the server itself refuses or ends a connection; a screen never does.
  let retry;
  const lost = () => {
    onLink?.(false);
    clearTimeout(retry);
    if (socket.active) return;
    const wait = Math.min(REFUSED_MS, LEAST_MS * 2 ** refusals++);
    retry = setTimeout(() => socket.connect(), wait * (1 + Math.random() / 2));
  };
  socket.on("disconnect", (reason) => reason !== "io client disconnect" && lost());
  socket.on("connect_error", lost);
  socket.on("state", ({ room, state }) => {
    if (state.version < (versions.get(room) ?? -1)) return;
    versions.set(room, state.version);
    onState(room, state);
  });
  socket.on("say", (announcement) => {
    if (spoken.has(announcement.id)) return;
    spoken.add(announcement.id);
    if (spoken.size > 500) spoken.delete(spoken.values().next().value);
    onSay?.(announcement);
  });
  return () => {
    clearTimeout(retry);
    socket.disconnect();
  };
}
