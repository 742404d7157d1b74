/* A device's side of the conversation (PROTOCOL.md §4): greeted or not, asked and answered. */
#ifndef TALK_H
#define TALK_H

#include "frame.h"
#include "journal.h"

#define FIRMWARE_VERSION 0x0100

/* What sets a pad and a sign apart. */
struct product {
    uint8_t kind;
    uint8_t abilities;
    uint8_t size; /* keys of a pad, letters of a sign */
    uint8_t order; /* the message it obeys */
    /* Does what the order says; false: its values make no sense. The length was checked. */
    bool (*obey)(const struct frame *order, uint32_t now);
};

/* Who this very device is. */
struct self {
    const struct product *product;
    uint8_t address;
    uint32_t unit;
    uint16_t start; /* counted in EEPROM: half of the boot number, the unit number's low half is the other */
    struct journal *journal; /* NULL: it has no keys */
};

/* Begins, not greeted. */
void talk_begin(const struct self *self);

/* Takes a byte of the line; `now` in ms. */
void talk_hear(uint8_t byte, uint32_t now);

/* A press was just kept: says so at once where the line allows it. */
void talk_pressed(uint32_t now);

/* To be supplied by whoever owns the line: sends all of these bytes soon, or none of them. */
void line_send(const uint8_t *wire, uint8_t length);

#endif
