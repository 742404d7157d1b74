/* Letters for a chain of 8x8 modules: 5 by 7 dots, one column between them. */
#include "flash.h"
#include "letters.h"
#include "picture.h"

enum { MODULES = 4, WIDTH = 8 * MODULES, GLYPH_ROWS = 7, GLYPH_WIDTH = 5, PITCH = GLYPH_WIDTH + 1 };

const uint8_t picture_chips = MODULES;
const uint8_t picture_letters = (WIDTH + 1) / PITCH;

/* The 32 ways a row of five dots can be lit, so that the letters below can be read as pictures. */
enum {
    ooooo, ooooX, oooXo, oooXX, ooXoo, ooXoX, ooXXo, ooXXX,
    oXooo, oXooX, oXoXo, oXoXX, oXXoo, oXXoX, oXXXo, oXXXX,
    Xoooo, XoooX, XooXo, XooXX, XoXoo, XoXoX, XoXXo, XoXXX,
    XXooo, XXooX, XXoXo, XXoXX, XXXoo, XXXoX, XXXXo, XXXXX,
};

/* In the order of letter_place(). */
static const uint8_t glyphs[LETTER_PLACES][GLYPH_ROWS] IN_FLASH = {
    {oXXXo, XoooX, XoooX, XoooX, XoooX, XoooX, oXXXo}, /* 0 */
    {ooXoo, oXXoo, ooXoo, ooXoo, ooXoo, ooXoo, oXXXo}, /* 1 */
    {oXXXo, XoooX, ooooX, oooXo, ooXoo, oXooo, XXXXX}, /* 2 */
    {XXXXX, oooXo, ooXoo, oooXo, ooooX, XoooX, oXXXo}, /* 3 */
    {oooXo, ooXXo, oXoXo, XooXo, XXXXX, oooXo, oooXo}, /* 4 */
    {XXXXX, Xoooo, XXXXo, ooooX, ooooX, XoooX, oXXXo}, /* 5 */
    {ooXXo, oXooo, Xoooo, XXXXo, XoooX, XoooX, oXXXo}, /* 6 */
    {XXXXX, ooooX, oooXo, ooXoo, oXooo, oXooo, oXooo}, /* 7 */
    {oXXXo, XoooX, XoooX, oXXXo, XoooX, XoooX, oXXXo}, /* 8 */
    {oXXXo, XoooX, XoooX, oXXXX, ooooX, oooXo, oXXoo}, /* 9 */
    {oXXXo, XoooX, XoooX, XXXXX, XoooX, XoooX, XoooX}, /* A */
    {XXXXo, XoooX, XoooX, XXXXo, XoooX, XoooX, XXXXo}, /* B */
    {oXXXo, XoooX, Xoooo, Xoooo, Xoooo, XoooX, oXXXo}, /* C */
    {XXXoo, XooXo, XoooX, XoooX, XoooX, XooXo, XXXoo}, /* D */
    {XXXXX, Xoooo, Xoooo, XXXXo, Xoooo, Xoooo, XXXXX}, /* E */
    {XXXXX, Xoooo, Xoooo, XXXXo, Xoooo, Xoooo, Xoooo}, /* F */
    {oXXXo, XoooX, Xoooo, XoXXX, XoooX, XoooX, oXXXX}, /* G */
    {XoooX, XoooX, XoooX, XXXXX, XoooX, XoooX, XoooX}, /* H */
    {oXXXo, ooXoo, ooXoo, ooXoo, ooXoo, ooXoo, oXXXo}, /* I */
    {ooXXX, oooXo, oooXo, oooXo, oooXo, XooXo, oXXoo}, /* J */
    {XoooX, XooXo, XoXoo, XXooo, XoXoo, XooXo, XoooX}, /* K */
    {Xoooo, Xoooo, Xoooo, Xoooo, Xoooo, Xoooo, XXXXX}, /* L */
    {XoooX, XXoXX, XoXoX, XoXoX, XoooX, XoooX, XoooX}, /* M */
    {XoooX, XoooX, XXooX, XoXoX, XooXX, XoooX, XoooX}, /* N */
    {oXXXo, XoooX, XoooX, XoooX, XoooX, XoooX, oXXXo}, /* O */
    {XXXXo, XoooX, XoooX, XXXXo, Xoooo, Xoooo, Xoooo}, /* P */
    {oXXXo, XoooX, XoooX, XoooX, XoXoX, XooXo, oXXoX}, /* Q */
    {XXXXo, XoooX, XoooX, XXXXo, XoXoo, XooXo, XoooX}, /* R */
    {oXXXX, Xoooo, Xoooo, oXXXo, ooooX, ooooX, XXXXo}, /* S */
    {XXXXX, ooXoo, ooXoo, ooXoo, ooXoo, ooXoo, ooXoo}, /* T */
    {XoooX, XoooX, XoooX, XoooX, XoooX, XoooX, oXXXo}, /* U */
    {XoooX, XoooX, XoooX, XoooX, XoooX, oXoXo, ooXoo}, /* V */
    {XoooX, XoooX, XoooX, XoXoX, XoXoX, XoXoX, oXoXo}, /* W */
    {XoooX, XoooX, oXoXo, ooXoo, oXoXo, XoooX, XoooX}, /* X */
    {XoooX, XoooX, XoooX, oXoXo, ooXoo, ooXoo, ooXoo}, /* Y */
    {XXXXX, ooooX, oooXo, ooXoo, oXooo, Xoooo, XXXXX}, /* Z */
    {oXXXo, XoooX, XoooX, XXXXX, XoooX, XoooX, XoooX}, /* А */
    {XXXXX, Xoooo, Xoooo, XXXXo, XoooX, XoooX, XXXXo}, /* Б */
    {XXXXo, XoooX, XoooX, XXXXo, XoooX, XoooX, XXXXo}, /* В */
    {XXXXX, Xoooo, Xoooo, Xoooo, Xoooo, Xoooo, Xoooo}, /* Г */
    {ooXXo, oXoXo, oXoXo, oXoXo, oXoXo, XXXXX, XoooX}, /* Д */
    {XXXXX, Xoooo, Xoooo, XXXXo, Xoooo, Xoooo, XXXXX}, /* Е */
    {XoXoX, XoXoX, oXXXo, ooXoo, oXXXo, XoXoX, XoXoX}, /* Ж */
    {oXXXo, XoooX, ooooX, ooXXo, ooooX, XoooX, oXXXo}, /* З */
    {XoooX, XoooX, XooXX, XoXoX, XXooX, XoooX, XoooX}, /* И */
    {oXoXo, ooXoo, XoooX, XooXX, XoXoX, XXooX, XoooX}, /* Й */
    {XoooX, XooXo, XoXoo, XXooo, XoXoo, XooXo, XoooX}, /* К */
    {ooXXX, oXooX, XoooX, XoooX, XoooX, XoooX, XoooX}, /* Л */
    {XoooX, XXoXX, XoXoX, XoXoX, XoooX, XoooX, XoooX}, /* М */
    {XoooX, XoooX, XoooX, XXXXX, XoooX, XoooX, XoooX}, /* Н */
    {oXXXo, XoooX, XoooX, XoooX, XoooX, XoooX, oXXXo}, /* О */
    {XXXXX, XoooX, XoooX, XoooX, XoooX, XoooX, XoooX}, /* П */
    {XXXXo, XoooX, XoooX, XXXXo, Xoooo, Xoooo, Xoooo}, /* Р */
    {oXXXo, XoooX, Xoooo, Xoooo, Xoooo, XoooX, oXXXo}, /* С */
    {XXXXX, ooXoo, ooXoo, ooXoo, ooXoo, ooXoo, ooXoo}, /* Т */
    {XoooX, XoooX, XoooX, oXXXX, ooooX, XoooX, oXXXo}, /* У */
    {ooXoo, oXXXo, XoXoX, XoXoX, XoXoX, oXXXo, ooXoo}, /* Ф */
    {XoooX, XoooX, oXoXo, ooXoo, oXoXo, XoooX, XoooX}, /* Х */
    {XooXo, XooXo, XooXo, XooXo, XooXo, XXXXX, ooooX}, /* Ц */
    {XoooX, XoooX, XoooX, oXXXX, ooooX, ooooX, ooooX}, /* Ч */
    {XoXoX, XoXoX, XoXoX, XoXoX, XoXoX, XoXoX, XXXXX}, /* Ш */
    {XoXoX, XoXoX, XoXoX, XoXoX, XoXoX, XXXXX, ooooX}, /* Щ */
    {XXooo, oXooo, oXooo, oXXXo, oXooX, oXooX, oXXXo}, /* Ъ */
    {XoooX, XoooX, XoooX, XXooX, XoXoX, XoXoX, XXooX}, /* Ы */
    {Xoooo, Xoooo, Xoooo, XXXXo, XoooX, XoooX, XXXXo}, /* Ь */
    {oXXXo, XoooX, ooooX, oXXXX, ooooX, XoooX, oXXXo}, /* Э */
    {XooXo, XoXoX, XoXoX, XXXoX, XoXoX, XoXoX, XooXo}, /* Ю */
    {oXXXX, XoooX, XoooX, oXXXX, ooXoX, oXooX, XoooX}, /* Я */
    {ooooo, ooooo, ooooo, XXXXX, ooooo, ooooo, ooooo}, /* - */
    {oXXXo, XoooX, ooooX, oooXo, ooXoo, ooooo, ooXoo}, /* ? */
};

static uint32_t dots[CHIP_ROWS]; /* the leftmost dot is the highest bit */

void picture_draw(const uint16_t *letters, uint8_t count)
{
    if (count > picture_letters)
        count = picture_letters;
    for (uint8_t row = 0; row < CHIP_ROWS; row++)
        dots[row] = 0;
    uint8_t left = (uint8_t)((WIDTH + 1 - PITCH * count) / 2);
    for (uint8_t i = 0; i < count; i++, left += PITCH) {
        uint8_t place = letter_place(letters[i]);
        if (place == LETTER_SPACE)
            continue;
        for (uint8_t row = 0; row < GLYPH_ROWS; row++)
            dots[row] |= (uint32_t)flash_byte(&glyphs[place][row]) << (WIDTH - GLYPH_WIDTH - left);
    }
}

uint8_t picture_row(uint8_t chip, uint8_t row)
{
    /* The data come in at the right, as on the common chains of four: the first chip is the rightmost. */
    return (uint8_t)(dots[row] >> 8 * chip);
}
