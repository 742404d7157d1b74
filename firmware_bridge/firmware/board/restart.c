/* Reset cause and watchdog. */
#include "restart.h"

#include <avr/io.h>
#include <avr/wdt.h>
#include <stdint.h>

static uint8_t cause __attribute__((section(".noinit")));

void keep_cause(void) __attribute__((naked, used, section(".init3")));

/* Before all else: once it has bitten, the watchdog goes on at its shortest time, and would bite again. */
void keep_cause(void)
{
    cause = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

bool restart_kept_power(void)
{
    /* No cause at all: a bootloader hid it. */
    return (cause & (1 << WDRF | 1 << EXTRF)) && !(cause & (1 << PORF | 1 << BORF));
}

void restart_watch(void)
{
    wdt_enable(WDTO_500MS);
}

void restart_alive(void)
{
    wdt_reset();
}
