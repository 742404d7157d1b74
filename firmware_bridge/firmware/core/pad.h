/* What a rating pad shows: asleep, armed, or thanks for a press (PROTOCOL.md §4.7). */
#ifndef PAD_H
#define PAD_H

#include "talk.h"

enum { BEEP_MS = 60 };

extern const struct product pad;

/* Begins asleep. */
void pad_begin(void);

/* Key `key` (from 1) was pressed: its light says thank you, and the buzzer. */
void pad_thank(uint8_t key, uint32_t now);

/* Ends what is over; call at least once in a minute. */
void pad_step(uint32_t now);

/* The keys that are lit, bit 0 for key 1; whether the buzzer sounds. As of the last step. */
uint8_t pad_lights(void);
bool pad_beeps(void);

#endif
