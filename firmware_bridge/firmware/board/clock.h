/* Milliseconds since power came; a watchdog reset does not stop them. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Begins; `powered`: the memory had power since the clock was read last, so it goes on from there. */
void clock_begin(bool powered);

/* Milliseconds; begins anew after 49 days, so compare by difference. Not from interrupts. */
uint32_t clock_now(void);

#endif
