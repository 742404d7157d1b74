/* Puts the picture on a chain of MAX7219 chips. */
#ifndef MAX7219_H
#define MAX7219_H

#include <stdbool.h>

void max7219_begin(void);

/* Sends one register to all chips, the next one at the next call: call once in a millisecond.
 * So everything is refreshed some 70 times a second, and a chip upset by a spark is soon right again. */
void max7219_step(bool lit);

#endif
