/* What a desk sign shows: a ticket number, steady or blinking, or nothing. */
#ifndef SIGN_H
#define SIGN_H

#include "talk.h"

enum { BLINK_MS = 500 };

extern struct product sign;

/* Begins dark. */
void sign_begin(void);

/* Whether the text can be seen now: on, and not in the dark half of blinking. */
bool sign_lit(uint32_t now);

#endif
