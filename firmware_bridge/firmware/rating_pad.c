/* The rating pad: five keys, their lamps, a buzzer. */
#include <avr/io.h>

#include "board/clock.h"
#include "board/pins.h"
#include "board/start.h"
#include "board/uart.h"
#include "core/debounce.h"
#include "core/journal.h"
#include "core/pad.h"

static struct journal journal __attribute__((section(".noinit")));
static struct debounce debounce;

static void press(uint8_t key, uint32_t now)
{
    pad_thank(key, now);
    /* It began when the contact was believed to have closed, not when we came to believe it. */
    if (journal_add(&journal, key, now - DEBOUNCE_MS))
        talk_pressed(now);
}

static void each_millisecond(uint32_t now)
{
    uint8_t pressed = debounce_sample(&debounce, (uint8_t)~PINC & KEYS_MASK);
    for (uint8_t key = 1; key <= KEYS; key++)
        if (pressed & 1 << (key - 1))
            press(key, now);
    pad_step(now);
    PORTB = (uint8_t)((PORTB & ~LAMPS_MASK) | pad_lights());
    if (pad_beeps())
        PORTD |= 1 << BUZZER_BIT;
    else
        PORTD &= (uint8_t) ~(1 << BUZZER_BIT);
    journal_step(&journal, now);
    uart_step();
}

int main(void)
{
    DDRB = LAMPS_MASK;
    DDRD = 1 << BUZZER_BIT;
    PORTC = KEYS_MASK;
    debounce_begin(&debounce);
    pad_begin();
    start(&pad, &journal);
    uint32_t last = clock_now();
    for (;;) {
        uint32_t now = clock_now();
        listen(now);
        if (now != last)
            each_millisecond(now);
        last = now;
        rest();
    }
}
