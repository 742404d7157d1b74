/* The ring of kept presses, oldest first. */
#include "journal.h"

#include <stddef.h>

#include "frame.h"

/* From this age on a press is too old; the rest is a minute. */
#define OLDEST_MS UINT32_C(0xFFFF0000)

static uint16_t seal_of(const struct journal *journal)
{
    const uint8_t *bytes = (const uint8_t *)journal;
    uint16_t crc = UINT16_MAX;
    for (uint16_t i = 0; i < offsetof(struct journal, seal); i++)
        crc = frame_crc(crc, bytes[i]);
    return crc;
}

bool journal_waits(const struct journal *journal)
{
    return journal->seal == seal_of(journal) && journal->first < KEPT_PRESSES && journal->count > 0
           && journal->count <= KEPT_PRESSES;
}

void journal_begin(struct journal *journal, uint16_t start)
{
    *journal = (struct journal){.start = start};
    journal->seal = seal_of(journal);
}

static struct press *place(struct journal *journal, uint8_t from_oldest)
{
    return &journal->kept[(journal->first + from_oldest) % KEPT_PRESSES];
}

bool journal_add(struct journal *journal, uint8_t key, uint32_t at)
{
    /* The first presses are the ones the visitor meant. */
    bool room = journal->count < KEPT_PRESSES;
    if (room) {
        *place(journal, journal->count++) = (struct press){.at = at, .key = key};
        journal->counter++;
    } else if (journal->lost < UINT16_MAX) {
        journal->lost++;
    }
    journal->seal = seal_of(journal);
    return room;
}

const struct press *journal_oldest(const struct journal *journal)
{
    return journal->count ? &journal->kept[journal->first] : NULL;
}

uint32_t journal_counter(const struct journal *journal)
{
    return journal->counter - journal->count + 1;
}

void journal_taken(struct journal *journal, uint32_t counter)
{
    if (journal->count == 0 || counter != journal_counter(journal))
        return;
    journal->first = (uint8_t)((journal->first + 1) % KEPT_PRESSES);
    journal->count--;
    journal->seal = seal_of(journal);
}

uint32_t journal_age(const struct journal *journal, uint32_t now)
{
    const struct press *press = journal_oldest(journal);
    return press->old ? UINT32_MAX : now - press->at;
}

void journal_step(struct journal *journal, uint32_t now)
{
    bool changed = false;
    for (uint8_t i = 0; i < journal->count; i++) {
        struct press *press = place(journal, i);
        if (!press->old && now - press->at >= OLDEST_MS)
            press->old = changed = true;
    }
    if (changed)
        journal->seal = seal_of(journal);
}
