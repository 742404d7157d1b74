/* How letters look on a display of MAX7219 chips. picture_digits.c and picture_matrix.c each supply this. */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdint.h>

enum { CHIP_ROWS = 8, LETTER_UNKNOWN = 0xFFFD };

extern const uint8_t picture_letters; /* how many letters fit */
extern const uint8_t picture_chips; /* the first is the one next to the controller */

/* Draws the letters (code points) in the middle; those that do not fit are left out. */
void picture_draw(const uint16_t *letters, uint8_t count);

/* What the digit register `row` (from 0) of a chip holds. */
uint8_t picture_row(uint8_t chip, uint8_t row);

#endif
