/* USART 0 with two rings. Nothing here waits. */
#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>
#include <util/setbaud.h>

#include "pins.h"
#include "talk.h"

enum {
    HEARD_ROOM = 64, /* 11 ms of a busy line; the main loop comes by every millisecond */
    SAID_ROOM = 128, /* two of the longest frames */
    TURN_MS = 2, /* quiet before speaking, so that the other side has let go of the line */
    PATIENCE_MS = 10 /* … but an answer begins within 20 ms, whatever noise there is */
};

static volatile uint8_t heard[HEARD_ROOM], heard_in, heard_out;
static volatile uint8_t said[SAID_ROOM], said_in, said_out;
static volatile bool disturbed;
static uint8_t quiet_ms, waited_ms;

void uart_begin(void)
{
    DRIVER_PORT &= (uint8_t) ~(1 << DRIVER_BIT);
    DRIVER_DDR |= 1 << DRIVER_BIT;
    /* While the driver is on, the receiver may be off and RXD open: hold it at rest. */
    PORTD |= 1 << PD0;
    UCSR0A = USE_2X ? 1 << U2X0 : 0;
    UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
    UBRR0 = UBRR_VALUE;
    UCSR0B = 1 << RXEN0 | 1 << TXEN0 | 1 << RXCIE0 | 1 << TXCIE0;
}

ISR(USART_RX_vect)
{
    bool broken = UCSR0A & (1 << FE0);
    uint8_t byte = UDR0;
    uint8_t next = (uint8_t)((heard_in + 1) % HEARD_ROOM);
    disturbed = true;
    /* A byte dropped here makes the frame's CRC wrong, and it is sent again. */
    if (broken || next == heard_out)
        return;
    heard[heard_in] = byte;
    heard_in = next;
}

ISR(USART_UDRE_vect)
{
    if (said_out == said_in) {
        UCSR0B &= (uint8_t) ~(1 << UDRIE0);
        return;
    }
    UDR0 = said[said_out];
    /* Had we come late, the end of the byte before would pass for the end of this one. */
    UCSR0A = (USE_2X ? 1 << U2X0 : 0) | 1 << TXC0;
    said_out = (uint8_t)((said_out + 1) % SAID_ROOM);
}

ISR(USART_TX_vect)
{
    /* The last stop bit is out. */
    if (said_out == said_in)
        DRIVER_PORT &= (uint8_t) ~(1 << DRIVER_BIT);
}

bool uart_take(uint8_t *byte)
{
    if (heard_out == heard_in)
        return false;
    *byte = heard[heard_out];
    heard_out = (uint8_t)((heard_out + 1) % HEARD_ROOM);
    return true;
}

void line_send(const uint8_t *wire, uint8_t length)
{
    uint8_t in = said_in;
    if (length > (uint8_t)(said_out - in - 1) % SAID_ROOM)
        return;
    for (uint8_t i = 0; i < length; i++) {
        said[in] = wire[i];
        in = (uint8_t)((in + 1) % SAID_ROOM);
    }
    said_in = in;
}

void uart_step(void)
{
    if (disturbed)
        quiet_ms = 0;
    else if (quiet_ms < TURN_MS)
        quiet_ms++;
    disturbed = false;
    if (said_in == said_out) {
        waited_ms = 0;
        return;
    }
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        bool speaking = DRIVER_PORT & (1 << DRIVER_BIT);
        if (speaking || quiet_ms == TURN_MS || ++waited_ms >= PATIENCE_MS) {
            waited_ms = 0;
            DRIVER_PORT |= 1 << DRIVER_BIT;
            UCSR0B |= 1 << UDRIE0;
        }
    }
}
