/* Code points to places in the tables of glyphs. */
#include "letters.h"

static uint8_t place_from(uint8_t first, uint16_t letter, uint16_t from)
{
    return (uint8_t)(first + (letter - from));
}

uint8_t letter_place(uint16_t letter)
{
    if (letter >= '0' && letter <= '9')
        return place_from(0, letter, '0');
    if (letter >= 'A' && letter <= 'Z')
        return place_from(LETTER_LATIN, letter, 'A');
    if (letter >= 'a' && letter <= 'z')
        return place_from(LETTER_LATIN, letter, 'a');
    if (letter >= 0x0410 && letter <= 0x042F)
        return place_from(LETTER_CYRILLIC, letter, 0x0410);
    if (letter >= 0x0430 && letter <= 0x044F)
        return place_from(LETTER_CYRILLIC, letter, 0x0430);
    if (letter == 0x0401 || letter == 0x0451)
        return LETTER_CYRILLIC + 5;
    /* Hyphens and dashes of any length. */
    if (letter == '-' || (letter >= 0x2010 && letter <= 0x2014))
        return LETTER_HYPHEN;
    return letter == ' ' || letter == 0x00A0 ? LETTER_SPACE : LETTER_OTHER;
}
