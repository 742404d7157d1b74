/* The lamps of a pad as a state machine. Times are compared by difference: the clock may begin anew. */
#include "pad.h"

#include "debounce.h"

static bool armed;
static bool falls_asleep;
static uint32_t asleep_at;
static uint8_t thanks_key; /* 0: none */
static uint32_t thanks_since;
static bool beeping;

static bool obey(const struct frame *order, uint32_t now)
{
    uint8_t state = order->payload[PAD_STATE];
    uint16_t seconds = get_u16(order->payload + PAD_SECONDS);
    if (state != PAD_STATE_ASLEEP && state != PAD_STATE_ARMED)
        return false;
    armed = state == PAD_STATE_ARMED;
    falls_asleep = seconds != 0;
    asleep_at = now + UINT32_C(1000) * seconds;
    return true;
}

const struct product pad = {
    .kind = KIND_PAD,
    .abilities = ABILITY_KEYS | ABILITY_LIGHTS | ABILITY_BUZZER,
    .size = KEYS,
    .order = MESSAGE_PAD,
    .obey = obey,
};

void pad_begin(void)
{
    armed = false;
    thanks_key = 0;
    beeping = false;
}

void pad_thank(uint8_t key, uint32_t now)
{
    thanks_key = key;
    thanks_since = now;
    beeping = true;
}

void pad_step(uint32_t now)
{
    if (armed && falls_asleep && (int32_t)(now - asleep_at) >= 0)
        armed = false;
    if (beeping && now - thanks_since >= BEEP_MS)
        beeping = false;
    if (thanks_key && now - thanks_since >= THANKS_MS)
        thanks_key = 0;
}

uint8_t pad_lights(void)
{
    if (thanks_key)
        return (uint8_t)(1u << (thanks_key - 1));
    return armed ? (1u << KEYS) - 1 : 0;
}

bool pad_beeps(void)
{
    return beeping;
}
