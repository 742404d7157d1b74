/* From power to conversation. */
#include "start.h"

#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <util/delay.h>

#include "clock.h"
#include "memory.h"
#include "pins.h"
#include "restart.h"
#include "uart.h"

static uint8_t switches(void)
{
    PORTD |= SWITCHES_LOW;
    PORTC |= 1 << SWITCH_HIGH;
    /* A pull-up takes a while to charge a long wire. */
    _delay_us(50);
    uint8_t low = (uint8_t)(~PIND & SWITCHES_LOW) >> 4;
    return (uint8_t)(low | (PINC & 1 << SWITCH_HIGH ? 0 : 0x10));
}

void start(const struct product *product, struct journal *journal)
{
    bool powered = restart_kept_power();
    struct self self = {product, memory_address(switches()), memory_unit(), 0, journal};
    if (journal && powered && journal_waits(journal)) {
        self.start = journal->start;
    } else {
        self.start = memory_count_start();
        if (journal)
            journal_begin(journal, self.start);
    }
    clock_begin(powered);
    talk_begin(&self);
    uart_begin();
    set_sleep_mode(SLEEP_MODE_IDLE);
    restart_watch();
    sei();
}

void rest(void)
{
    restart_alive();
    /* An interrupt between the last look and here is served at the next one: within a millisecond. */
    sleep_mode();
}

void listen(uint32_t now)
{
    uint8_t byte;
    while (uart_take(&byte))
        talk_hear(byte, now);
}
