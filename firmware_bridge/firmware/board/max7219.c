/* SPI at 1 MHz, so that a metre of ribbon cable does. */
#include "max7219.h"

#include <avr/io.h>
#include <stdint.h>

#include "picture.h"
#include "pins.h"

enum { DECODE = 9, INTENSITY = 10, SCAN = 11, ON = 12, TEST = 15, LAST = 13, BRIGHTNESS = 7 };

static uint8_t step;

void max7219_begin(void)
{
    PORTB |= 1 << LOAD_BIT;
    DDRB |= 1 << LOAD_BIT | 1 << DATA_BIT | 1 << CLOCK_BIT;
    SPCR = 1 << SPE | 1 << MSTR | 1 << SPR0;
}

static void send(uint8_t byte)
{
    SPDR = byte;
    /* Eight microseconds. */
    while (!(SPSR & 1 << SPIF))
        ;
}

static uint8_t setting(uint8_t reg, bool lit)
{
    switch (reg) {
    case INTENSITY:
        return BRIGHTNESS;
    case SCAN:
        return CHIP_ROWS - 1;
    case ON:
        return lit;
    default:
        return 0; /* no decoding, no lamp test */
    }
}

void max7219_step(bool lit)
{
    uint8_t reg = (uint8_t)(step + 1 == LAST ? TEST : step + 1);
    step = (uint8_t)((step + 1) % LAST);
    PORTB &= (uint8_t) ~(1 << LOAD_BIT);
    /* What is sent first ends up in the farthest chip. */
    for (uint8_t chip = picture_chips; chip-- > 0;) {
        send(reg);
        send(reg <= CHIP_ROWS ? picture_row(chip, (uint8_t)(reg - 1)) : setting(reg, lit));
    }
    PORTB |= 1 << LOAD_BIT;
}
