/* Tells a press of a key from the chatter of its contact. */
#ifndef DEBOUNCE_H
#define DEBOUNCE_H

#include <stdint.h>

enum { KEYS = 5, DEBOUNCE_MS = 20 };

struct debounce {
    uint8_t down; /* bit 0: key 1 */
    uint8_t other_for[KEYS]; /* ms the contact has been otherwise than `down` says */
};

/* At a start keys count as down, so that one held or stuck is no press until it was let go. */
void debounce_begin(struct debounce *debounce);

/* Takes the contacts as they are, once in a millisecond; returns the keys that just went down:
 * a contact must stay as it is for DEBOUNCE_MS without a break to be believed. */
uint8_t debounce_sample(struct debounce *debounce, uint8_t contacts);

#endif
