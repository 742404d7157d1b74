/* Letters for eight 7-segment digits: numbers are plain, letters as near as seven bars come. */
#include "flash.h"
#include "letters.h"
#include "picture.h"

enum { DIGITS = 8 };

const uint8_t picture_chips = 1;
const uint8_t picture_letters = DIGITS;

/* The bars as the chip's register has them: A above, then clockwise to F, G in the middle, P the point. */
enum { P = 0x80, A = 0x40, B = 0x20, C = 0x10, D = 0x08, E = 0x04, F = 0x02, G = 0x01 };

/* In the order of letter_place(). No letter looks like a digit, nor like another one that may head a
 * ticket number beside it; only letters that are never given (Б, З, О, Ч …) may. */
static const uint8_t bars[LETTER_PLACES] IN_FLASH = {
    A | B | C | D | E | F, /* 0 */
    B | C, /* 1 */
    A | B | D | E | G, /* 2 */
    A | B | C | D | G, /* 3 */
    B | C | F | G, /* 4 */
    A | C | D | F | G, /* 5 */
    A | C | D | E | F | G, /* 6 */
    A | B | C, /* 7 */
    A | B | C | D | E | F | G, /* 8 */
    A | B | C | D | F | G, /* 9 */
    A | B | C | E | F | G, /* A */
    C | D | E | F | G, /* B: b */
    A | D | E | F, /* C */
    B | C | D | E | G, /* D: d */
    A | D | E | F | G, /* E */
    A | E | F | G, /* F */
    A | C | D | E | F, /* G */
    B | C | E | F | G, /* H */
    E | F, /* I: on the left, 1 is on the right */
    B | C | D, /* J */
    A | C | E | F | G, /* K: h with a bar */
    D | E | F, /* L */
    A | C | E, /* M: three legs */
    C | E | G, /* N: n */
    C | D | E | G, /* O: o, for 0 is a digit */
    A | B | E | F | G, /* P */
    A | B | C | F | G, /* Q: q */
    E | G, /* R: r */
    C | D | F | G | P, /* S: 5 without its top, with a point */
    D | E | F | G, /* T: t */
    B | C | D | E | F, /* U */
    C | D | E, /* V: v */
    B | D | F, /* W */
    B | E | G, /* X: a slash */
    B | C | D | F | G, /* Y: y */
    A | B | D | E | G | P, /* Z: 2 with a point */
    A | B | C | E | F | G, /* А */
    A | C | D | E | F | G | P, /* Б: 6 with a point */
    C | D | E | F | G, /* В: в */
    A | E | F, /* Г */
    B | C | D | E | G, /* Д: d */
    A | D | E | F | G, /* Е */
    A | D | G, /* Ж: three bars */
    A | B | C | D | G | P, /* З: 3 with a point */
    B | C | D | E | F, /* И: и */
    B | C | D | E | F | P, /* Й */
    A | C | E | F | G, /* К */
    A | B | C | E, /* Л */
    A | C | E, /* М */
    B | C | E | F | G, /* Н */
    C | D | E | G, /* О */
    A | B | C | E | F, /* П */
    A | B | E | F | G, /* Р */
    A | D | E | F, /* С */
    D | E | F | G, /* Т: т */
    B | C | D | F | G, /* У */
    A | B | D | F | G, /* Ф: a ring above a bar */
    B | E | G, /* Х: a slash */
    B | C | D | E | F | P, /* Ц: U with a point */
    B | C | F | G | P, /* Ч: 4 with a point */
    B | C | D | E | F | G, /* Ш: three bars up */
    B | C | D | E | F | G | P, /* Щ */
    C | D | E | F | G | P, /* Ъ */
    C | D | E | F | G | P, /* Ы */
    C | D | E | F | G, /* Ь */
    A | B | C | D, /* Э: a C turned round */
    A | C | D | E | G, /* Ю: o under a bar */
    A | B | C | F | G, /* Я: a mirrored Р with a leg */
    G, /* - */
    D, /* any other */
};

static uint8_t digits[DIGITS]; /* from the left */

void picture_draw(const uint16_t *letters, uint8_t count)
{
    if (count > DIGITS)
        count = DIGITS;
    uint8_t left = (uint8_t)((DIGITS - count) / 2);
    for (uint8_t i = 0; i < DIGITS; i++) {
        uint8_t place = i >= left && i < left + count ? letter_place(letters[i - left]) : LETTER_SPACE;
        digits[i] = place == LETTER_SPACE ? 0 : flash_byte(&bars[place]);
    }
}

uint8_t picture_row(uint8_t chip, uint8_t row)
{
    (void)chip;
    /* The chip counts its digits from the right. */
    return digits[DIGITS - 1 - row];
}
