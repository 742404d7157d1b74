/* Timer 0 counts milliseconds. */
#include "clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "restart.h"

#define KEPT __attribute__((section(".noinit")))

static volatile uint32_t ticks;
/* The last time that was read, and the same inverted: together they are not the noise of a power-up. */
static uint32_t last KEPT;
static uint32_t last_inverted KEPT;

ISR(TIMER0_COMPA_vect)
{
    ticks++;
}

void clock_begin(bool powered)
{
    ticks = powered && last == ~last_inverted ? last + WATCHDOG_MS : 0;
    TCCR0A = 1 << WGM01;
    TCCR0B = 1 << CS01 | 1 << CS00;
    OCR0A = F_CPU / 64 / 1000 - 1;
    TIMSK0 = 1 << OCIE0A;
}

uint32_t clock_now(void)
{
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        now = ticks;
    }
    last = now;
    last_inverted = ~now;
    return now;
}
