/* The line: bytes in and out by interrupts, and the RS-485 driver on only while speaking. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

/* Begins at BAUD, 8N1. */
void uart_begin(void);

/* The next byte heard; false: none. */
bool uart_take(uint8_t *byte);

/* Begins to speak when it may: call once in a millisecond. What to say comes by line_send (talk.h). */
void uart_step(void);

#endif
