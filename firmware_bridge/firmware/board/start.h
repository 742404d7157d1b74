/* What pad and sign do alike when they start. */
#ifndef START_H
#define START_H

#include "talk.h"

/* Clock, address switches, EEPROM, line and conversation; `journal` NULL: it has no keys. */
void start(const struct product *product, struct journal *journal);

/* Sleeps until the next interrupt, at most a millisecond; tells the watchdog that all is well. */
void rest(void);

/* Hears what came since the last call. */
void listen(uint32_t now);

#endif
