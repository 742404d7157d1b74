// Which services a few typed letters mean: pure.

/** Kazakh letters as people type them without a Kazakh keyboard, and ё as е. */
const PLAIN = { ё: "е", ә: "а", і: "и", ң: "н", ғ: "г", ү: "у", ұ: "у", қ: "к", ө: "о", һ: "х" };

/** The words of a text, small, in plain letters. @returns {string[]} */
function wordsOf(text) {
  return text
    .toLowerCase()
    .replace(/[ёәіңғүұқөһ]/g, (letter) => PLAIN[letter])
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/**
 * Services in whose name, hint or keywords, in any language, every typed word begins a word; those whose
 * name is meant come first. Nothing typed: all of them.
 * @template {{name: object, hint: object, keywords: object}} Service
 * @param {Service[]} services @param {string} typed
 * @returns {Service[]}
 */
export function matching(services, typed) {
  const wanted = wordsOf(typed);
  const inAll = (texts) => {
    const words = texts.flatMap((names) => Object.values(names ?? {})).flatMap(wordsOf);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  };
  const byName = services.filter((service) => inAll([service.name]));
  const byRest = services.filter(
    (service) => !byName.includes(service) && inAll([service.name, service.hint, service.keywords]),
  );
  return [...byName, ...byRest];
}
