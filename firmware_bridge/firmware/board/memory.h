/* What a device keeps in EEPROM: who it is, and how often it has started. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/* Where things lie; all numbers high byte first, erased = not set. */
enum {
    MEMORY_UNIT = 0, /* 4 bytes: the serial number */
    MEMORY_ADDRESS = 4, /* 1 byte: 1…32 on the line; otherwise the switches tell it */
    MEMORY_STARTS = 16, /* START_SLOTS times 3 bytes */
    START_SLOTS = 32
};

/* The serial number; 0: none was given. */
uint32_t memory_unit(void);

/* The address on the line, 1…32; `switches` 0…31 give 1…32 where none is stored. */
uint8_t memory_address(uint8_t switches);

/* Counts this start and returns its number, which differs from the 65535 before. Takes some 10 ms. */
uint16_t memory_count_start(void);

#endif
