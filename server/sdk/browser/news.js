// News from the server: the newest whole state of each room a page follows, and announcements once.
import { io } from "./lib/socket.io.esm.min.js";

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
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
    timeout: 5000,
  });
  socket.on("connect", () => {
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
    if (!socket.active) retry = setTimeout(() => socket.connect(), 3000);
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
