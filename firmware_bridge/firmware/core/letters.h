/* Which place a letter has in the tables of glyphs: 0…9, A…Z, А…Я, then hyphen and the mark for any other. */
#ifndef LETTERS_H
#define LETTERS_H

#include <stdint.h>

enum {
    LETTER_LATIN = 10,
    LETTER_CYRILLIC = LETTER_LATIN + 26,
    LETTER_HYPHEN = LETTER_CYRILLIC + 32,
    LETTER_OTHER,
    LETTER_PLACES,
    LETTER_SPACE = 0xFF
};

/* The place of a code point; small letters look like capitals, Ё like Е. */
uint8_t letter_place(uint16_t letter);

#endif
