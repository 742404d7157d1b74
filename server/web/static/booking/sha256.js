// SHA-256 (FIPS 180-4) of an ASCII text as hex. The browser's own is there on https only and answers one
// promise at a time; an office may be reached by http in its own network.

const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

/** @param {string} text ASCII @returns {string} 64 hex digits */
export function sha256(text) {
  const hash = Int32Array.from(START);
  const blocks = (text.length + 8 >> 6) + 1;
  const message = new Int32Array(blocks * 16);
  for (let at = 0; at < text.length; at += 1) message[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
  message[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  message[message.length - 1] = text.length * 8;
  for (let begin = 0; begin < message.length; begin += 16) mix(hash, message, begin);
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function mix(hash, message, begin) {
  for (let t = 0; t < 64; t += 1) {
    if (t < 16) {
      words[t] = message[begin + t];
    } else {
      const x = words[t - 15];
      const y = words[t - 2];
      const low = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
      const high = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
      words[t] = words[t - 16] + low + words[t - 7] + high;
    }
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let t = 0; t < 64; t += 1) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[t] + words[t]) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    hash[at] += word;
  });
}

function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function fraction(number) {
  return ((number - Math.floor(number)) * 2 ** 32) | 0;
}

function firstPrimes(count) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}
