/* Bytes to frames and back (PROTOCOL.md §2). No hardware, no meaning of payloads. */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"

enum { HEADER_BYTES = 4, CRC_BYTES = 2, FRAME_BYTES = HEADER_BYTES + MAX_PAYLOAD + CRC_BYTES };

/* One frame, its bytes in the order of the wire; the CRC stands after the payload. */
struct frame {
    uint8_t length;
    uint8_t address;
    uint8_t sequence;
    uint8_t type;
    uint8_t payload[MAX_PAYLOAD + CRC_BYTES];
};

/* Finds frames in a stream of bytes. All zero is its beginning. */
struct decoder {
    struct frame frame;
    uint8_t have;
    bool inside;
    bool escaped;
    uint16_t crc;
    uint16_t bad; /* frames thrown away; stops at 65535 */
};

/* CRC-16/CCITT-FALSE of what `crc` stood for (0xFFFF: nothing) and one more byte. */
uint16_t frame_crc(uint16_t crc, uint8_t byte);

/* Takes the next byte; true: `decoder->frame` is whole, until the next byte is taken. */
bool decoder_take(struct decoder *decoder, uint8_t byte);

/* Writes the frame to `wire` (MAX_WIRE bytes) and returns how many bytes it has there. */
uint8_t frame_encode(const struct frame *frame, uint8_t *wire);

/* Numbers of a payload: high byte first. */
uint16_t get_u16(const uint8_t *from);
uint32_t get_u32(const uint8_t *from);
void put_u16(uint8_t *to, uint16_t value);
void put_u32(uint8_t *to, uint32_t value);

#endif
