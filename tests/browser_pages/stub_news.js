// Stands in for /shared/news.js in page tests: the test pushes states and cuts the line through window.news.

export function followNews(options) {
  const versions = new Map();
  window.news = {
    rooms: options.rooms,
    token: options.token ?? "",
    push(room, state) {
      if (state.version < (versions.get(room) ?? -1)) return;
      versions.set(room, state.version);
      options.onState(room, state);
    },
    link: (up) => options.onLink?.(up),
    refuse: (room, problem) => options.onRefused?.(room, problem),
  };
  options.onLink?.(true);
  return () => {};
}
