/* The text and the blinking of a sign; how letters look is the picture's matter. */
#include "sign.h"

#include "picture.h"

static uint8_t mode;
static uint32_t since;

/* The letters of UTF-8 text, as code points; what is not UTF-8 becomes LETTER_UNKNOWN. */
static uint8_t read_letters(const uint8_t *text, uint8_t length, uint16_t *letters, uint8_t room)
{
    uint8_t count = 0, more = 0;
    uint16_t letter = 0;
    for (uint8_t i = 0; i < length && count < room; i++) {
        uint8_t byte = text[i];
        if (more && (byte & 0xC0) == 0x80) {
            letter = (uint16_t)(letter << 6 | (byte & 0x3F));
            more--;
        } else if ((byte & 0xE0) == 0xC0) {
            letter = byte & 0x1F;
            more = 1;
        } else if ((byte & 0xF0) == 0xE0) {
            letter = byte & 0x0F;
            more = 2;
        } else {
            letter = byte < 0x80 ? byte : LETTER_UNKNOWN;
            more = 0;
        }
        if (more == 0)
            letters[count++] = letter;
    }
    return count;
}

static bool obey(const struct frame *order, uint32_t now)
{
    uint16_t letters[TEXT_BYTES];
    if (order->payload[SHOW_MODE] > SIGN_MODE_BLINK)
        return false;
    mode = order->payload[SHOW_MODE];
    /* Blinking begins lit: news are seen at once. */
    since = now;
    uint8_t length = (uint8_t)(order->length - SHOW_TEXT);
    picture_draw(letters, read_letters(order->payload + SHOW_TEXT, length, letters, picture_letters));
    return true;
}

struct product sign = {.kind = KIND_SIGN, .abilities = ABILITY_TEXT, .order = MESSAGE_SHOW, .obey = obey};

void sign_begin(void)
{
    sign.size = picture_letters;
    mode = SIGN_MODE_OFF;
    picture_draw(0, 0);
}

bool sign_lit(uint32_t now)
{
    if (mode == SIGN_MODE_BLINK)
        return (now - since) / BLINK_MS % 2 == 0;
    return mode == SIGN_MODE_STEADY;
}
