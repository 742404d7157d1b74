/* Bytes to frames and back: escaping, length, CRC. */
#include "frame.h"

uint16_t frame_crc(uint16_t crc, uint8_t byte)
{
    /* The eight steps of the polynomial 1021 at once: a table would cost 512 bytes. */
    uint8_t x = (uint8_t)(crc >> 8) ^ byte;
    x ^= (uint8_t)(x >> 4);
    return (uint16_t)((uint16_t)(crc << 8) ^ ((uint16_t)x << 12) ^ ((uint16_t)x << 5) ^ x);
}

static bool dropped(struct decoder *decoder)
{
    decoder->inside = false;
    if (decoder->bad < UINT16_MAX)
        decoder->bad++;
    return false;
}

bool decoder_take(struct decoder *decoder, uint8_t byte)
{
    if (byte == SYNC) {
        if (decoder->inside && decoder->have > 0)
            dropped(decoder);
        decoder->inside = true;
        decoder->escaped = false;
        decoder->have = 0;
        decoder->crc = UINT16_MAX;
        return false;
    }
    if (!decoder->inside)
        return false;
    if (decoder->escaped) {
        decoder->escaped = false;
        byte ^= FLIP;
        if (byte != SYNC && byte != ESCAPE)
            return dropped(decoder);
    } else if (byte == ESCAPE) {
        decoder->escaped = true;
        return false;
    }
    ((uint8_t *)&decoder->frame)[decoder->have++] = byte;
    decoder->crc = frame_crc(decoder->crc, byte);
    if (decoder->frame.length > MAX_PAYLOAD)
        return dropped(decoder);
    if (decoder->have < HEADER_BYTES + decoder->frame.length + CRC_BYTES)
        return false;
    decoder->inside = false;
    /* With its CRC behind it, high byte first, the CRC of the whole is zero. */
    return decoder->crc == 0 || dropped(decoder);
}

static uint8_t *put_byte(uint8_t *wire, uint8_t byte)
{
    if (byte == SYNC || byte == ESCAPE) {
        *wire++ = ESCAPE;
        byte ^= FLIP;
    }
    *wire++ = byte;
    return wire;
}

uint8_t frame_encode(const struct frame *frame, uint8_t *wire)
{
    uint16_t crc = UINT16_MAX;
    uint8_t *end = wire;
    *end++ = SYNC;
    for (uint8_t i = 0; i < HEADER_BYTES + frame->length; i++) {
        uint8_t byte = ((const uint8_t *)frame)[i];
        crc = frame_crc(crc, byte);
        end = put_byte(end, byte);
    }
    end = put_byte(end, (uint8_t)(crc >> 8));
    end = put_byte(end, (uint8_t)crc);
    return (uint8_t)(end - wire);
}

uint16_t get_u16(const uint8_t *from)
{
    return (uint16_t)((uint16_t)from[0] << 8 | from[1]);
}

uint32_t get_u32(const uint8_t *from)
{
    return (uint32_t)get_u16(from) << 16 | get_u16(from + 2);
}

void put_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

void put_u32(uint8_t *to, uint32_t value)
{
    put_u16(to, (uint16_t)(value >> 16));
    put_u16(to + 2, (uint16_t)value);
}
