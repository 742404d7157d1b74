/* Where things are wired on the ATmega328P, 16 MHz crystal. README.md has the same as a table. */
#ifndef PINS_H
#define PINS_H

#include <avr/io.h>

/* Both: D0 RXD, D1 TXD; D2 high drives the RS-485 line. */
#define DRIVER_PORT PORTD
#define DRIVER_DDR DDRD
#define DRIVER_BIT PD2

/* Both: address switches to ground, closed = 1; D4…D7 are bits 0…3, C5 is bit 4. */
#define SWITCHES_LOW 0xF0 /* of port D */
#define SWITCH_HIGH PC5

/* Pad: keys to ground at C0…C4, lamps from B0…B4 to ground, buzzer (one that hums by itself) at D3. */
#define KEYS_MASK 0x1F
#define LAMPS_MASK 0x1F
#define BUZZER_BIT PD3

/* Sign: MAX7219 with B2 LOAD (CS), B3 DIN, B5 CLK. */
#define LOAD_BIT PB2
#define DATA_BIT PB3
#define CLOCK_BIT PB5

#endif
