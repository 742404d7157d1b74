// Searches the number whose SHA-256 after the salt is the challenge. Beside the page, so that it stays alive.
import { sha256 } from "./sha256.js";

onmessage = ({ data: { salt, challenge, maxnumber } }) => {
  for (let number = 0; number <= maxnumber; number += 1) {
    if (sha256(salt + number) === challenge) {
      postMessage(number);
      return;
    }
  }
  throw new Error("no number solves the challenge");
};
