/* EEPROM. The count of starts goes round START_SLOTS places, so that it may be written millions of times. */
#include "memory.h"

#include <avr/eeprom.h>
#include <stdbool.h>

#include "messages.h"

enum { SLOT_BYTES = 3 };

static uint8_t byte_at(uint16_t address)
{
    return eeprom_read_byte((const uint8_t *)address);
}

static uint16_t u16_at(uint16_t address)
{
    return (uint16_t)((uint16_t)byte_at(address) << 8 | byte_at(address + 1));
}

uint32_t memory_unit(void)
{
    uint32_t unit = (uint32_t)u16_at(MEMORY_UNIT) << 16 | u16_at(MEMORY_UNIT + 2);
    return unit == UINT32_MAX ? 0 : unit;
}

uint8_t memory_address(uint8_t switches)
{
    uint8_t address = byte_at(MEMORY_ADDRESS);
    return address >= 1 && address <= MAX_ADDRESS ? address : (uint8_t)(switches + 1);
}

static uint16_t slot_of(uint16_t count)
{
    return MEMORY_STARTS + count % START_SLOTS * SLOT_BYTES;
}

/* A write cut short by a power cut leaves a slot whose check is wrong. */
static uint8_t check_of(uint16_t count)
{
    return (uint8_t)(0xA5 ^ (count >> 8) ^ (uint8_t)(count * 7));
}

static bool holds(uint16_t slot, uint16_t count)
{
    return u16_at(slot) == count && byte_at(slot + 2) == check_of(count);
}

uint16_t memory_count_start(void)
{
    uint16_t newest = 0;
    bool found = false;
    for (uint16_t slot = MEMORY_STARTS; slot < MEMORY_STARTS + START_SLOTS * SLOT_BYTES; slot += SLOT_BYTES) {
        uint16_t count = u16_at(slot);
        /* By difference, for the count begins anew after 65535. */
        if (slot_of(count) == slot && holds(slot, count) && (!found || (int16_t)(count - newest) > 0)) {
            newest = count;
            found = true;
        }
    }
    /* A slot that is worn out is passed over. */
    for (uint8_t tries = 0; tries < START_SLOTS; tries++) {
        uint16_t slot = slot_of(++newest);
        eeprom_update_byte((uint8_t *)slot, (uint8_t)(newest >> 8));
        eeprom_update_byte((uint8_t *)(slot + 1), (uint8_t)newest);
        eeprom_update_byte((uint8_t *)(slot + 2), check_of(newest));
        if (holds(slot, newest))
            break;
    }
    return newest;
}
