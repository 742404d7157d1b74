// What a scanner read: the booking code in it, if there is one. Pure.

/**
 * The 6 digits of a booking, alone or in a link. A scanner that types through another keyboard layout
 * garbles letters and signs but not digits, so digits that stand alone are looked for, the last ones.
 * @param {string} read @returns {string | null}
 */
export function bookingCode(read) {
  return read.match(/(?<![\p{L}\p{N}])[0-9]{6}(?![\p{L}\p{N}])/gu)?.at(-1) ?? null;
}
