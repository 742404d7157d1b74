/* The presses a pad keeps until the bridge has them on disk (PROTOCOL.md §4.4). */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"

struct press {
    uint32_t at; /* ms of the device's clock */
    uint8_t key; /* from 1 */
    bool old; /* older than the clock can tell */
};

/* Lies in memory that a start does not clear: kept presses outlive a watchdog reset. */
struct journal {
    struct press kept[KEPT_PRESSES];
    uint8_t first;
    uint8_t count;
    uint16_t lost; /* presses there was no room for; stops at 65535 */
    uint16_t start; /* the number of the start it began in: half of the boot number */
    uint32_t counter; /* of the newest press; the others' follow from it, without a gap */
    uint16_t seal; /* over all before it: tells a journal from the noise of a power-up */
};

/* Whether presses wait here that were kept before this reset, and the memory had power since. Then the
 * journal goes on, and with it its boot number: under another one their ids would not be theirs. */
bool journal_waits(const struct journal *journal);

/* Begins empty, as start number `start`. */
void journal_begin(struct journal *journal, uint16_t start);

/* Keeps a press; false: there is no room, it is counted as lost. */
bool journal_add(struct journal *journal, uint8_t key, uint32_t at);

/* The oldest press kept, or NULL; its counter, and its age in ms, which stops at the largest value. */
const struct press *journal_oldest(const struct journal *journal);
uint32_t journal_counter(const struct journal *journal);
uint32_t journal_age(const struct journal *journal, uint32_t now);

/* The oldest press is safe elsewhere, if this is its counter. */
void journal_taken(struct journal *journal, uint32_t counter);

/* Call at least once in a minute: marks presses that grow too old before the clock begins anew. */
void journal_step(struct journal *journal, uint32_t now);

#endif
