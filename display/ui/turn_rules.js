// Which language stands on the board now, when they stand by turns. Pure.

/**
 * All boards of a hall turn together, because the turn comes from the server's clock.
 * @param {string[]} languages @param {number} turnSeconds 0: all languages together
 * @param {number} now server's clock, ms @returns {string | null} null: all together
 */
export function languageNow(languages, turnSeconds, now) {
  if (!turnSeconds || languages.length < 2) return null;
  return languages[Math.floor(now / (turnSeconds * 1000)) % languages.length];
}
