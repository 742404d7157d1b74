/* One counter per key: contacts are believed when they have not changed for DEBOUNCE_MS. */
#include "debounce.h"

void debounce_begin(struct debounce *debounce)
{
    debounce->down = (1u << KEYS) - 1;
    for (uint8_t key = 0; key < KEYS; key++)
        debounce->other_for[key] = 0;
}

uint8_t debounce_sample(struct debounce *debounce, uint8_t contacts)
{
    uint8_t pressed = 0;
    for (uint8_t key = 0; key < KEYS; key++) {
        uint8_t bit = (uint8_t)(1u << key);
        if (((contacts ^ debounce->down) & bit) == 0) {
            debounce->other_for[key] = 0;
        } else if (++debounce->other_for[key] == DEBOUNCE_MS) {
            debounce->other_for[key] = 0;
            debounce->down ^= bit;
            pressed |= debounce->down & bit;
        }
    }
    return pressed;
}
