/* The conversation. It follows device.py step by step: change both. */
#include "talk.h"

static struct self self;
static struct decoder decoder;
static bool greeted;
static bool polled;
static uint8_t done_sequence;

void talk_begin(const struct self *who)
{
    self = *who;
    decoder = (struct decoder){0};
    greeted = false;
    polled = true;
    done_sequence = 0;
}

static void say(struct frame *answer)
{
    uint8_t wire[MAX_WIRE];
    answer->address = self.address;
    line_send(wire, frame_encode(answer, wire));
}

static uint32_t boot(void)
{
    return self.unit << 16 | self.start;
}

static void introduce(const struct frame *hello)
{
    /* Answered whatever the versions are, so that the bridge can name the fault. */
    greeted = hello->payload[HELLO_OLDEST] <= PROTOCOL_VERSION
              && hello->payload[HELLO_VERSION] >= PROTOCOL_VERSION;
    polled = hello->payload[HELLO_LINE] & LINE_POLLED;
    done_sequence = 0;
    struct frame answer = {IDENTITY_BYTES, 0, hello->sequence, MESSAGE_IDENTITY, {0}};
    answer.payload[IDENTITY_VERSION] = PROTOCOL_VERSION;
    answer.payload[IDENTITY_KIND] = self.product->kind;
    answer.payload[IDENTITY_ABILITIES] = self.product->abilities;
    answer.payload[IDENTITY_SIZE] = self.product->size;
    put_u32(answer.payload + IDENTITY_UNIT, self.unit);
    put_u32(answer.payload + IDENTITY_BOOT, boot());
    put_u16(answer.payload + IDENTITY_FIRMWARE, FIRMWARE_VERSION);
    say(&answer);
}

static void refuse(const struct frame *request, uint8_t reason)
{
    struct frame answer = {REFUSED_BYTES, 0, request->sequence, MESSAGE_REFUSED, {0}};
    answer.payload[REFUSED_TYPE] = request->type;
    answer.payload[REFUSED_REASON] = reason;
    say(&answer);
}

static void say_done(const struct frame *request)
{
    struct frame answer = {0, 0, request->sequence, MESSAGE_DONE, {0}};
    say(&answer);
}

static void say_press(uint8_t sequence, uint32_t now)
{
    struct frame answer = {PRESS_BYTES, 0, sequence, MESSAGE_PRESS, {0}};
    put_u32(answer.payload + PRESS_BOOT, boot());
    put_u32(answer.payload + PRESS_COUNTER, journal_counter(self.journal));
    answer.payload[PRESS_KEY] = journal_oldest(self.journal)->key;
    put_u32(answer.payload + PRESS_AGE_MS, journal_age(self.journal, now));
    say(&answer);
}

static void say_news(const struct frame *poll, uint32_t now)
{
    if (self.journal && journal_oldest(self.journal)) {
        say_press(poll->sequence, now);
        return;
    }
    struct frame answer = {ALIVE_BYTES, 0, poll->sequence, MESSAGE_ALIVE, {0}};
    put_u16(answer.payload + ALIVE_LOST, self.journal ? self.journal->lost : 0);
    put_u16(answer.payload + ALIVE_BAD_FRAMES, decoder.bad);
    say(&answer);
}

static void receipt(const struct frame *taken)
{
    if (self.journal && get_u32(taken->payload + TAKEN_BOOT) == boot())
        journal_taken(self.journal, get_u32(taken->payload + TAKEN_COUNTER));
}

static void obey(const struct frame *order, uint32_t now)
{
    if (order->type != self.product->order) {
        refuse(order, REFUSAL_UNKNOWN_TYPE);
        return;
    }
    /* The same number again is a resend: its answer was lost, the deed was done. */
    if (order->sequence != done_sequence) {
        if (!self.product->obey(order, now)) {
            refuse(order, REFUSAL_BAD_PAYLOAD);
            return;
        }
        done_sequence = order->sequence;
    }
    say_done(order);
}

enum reading { READABLE, UNREADABLE, UNKNOWN };

static enum reading reading_of(const struct frame *frame)
{
    uint8_t fewest, most;
    switch (frame->type) {
#define ROW(name, from, to) \
    case MESSAGE_##name:    \
        fewest = from;      \
        most = to;          \
        break;
        HOST_MESSAGES(ROW)
#undef ROW
    default:
        return UNKNOWN;
    }
    return frame->length >= fewest && frame->length <= most ? READABLE : UNREADABLE;
}

static void answer(const struct frame *request, uint32_t now)
{
    enum reading reading = reading_of(request);
    if (request->sequence == 0) {
        /* Nobody awaits an answer to this; on a shared line one would hit somebody else's. */
        if (greeted && reading == READABLE && request->type == MESSAGE_TAKEN)
            receipt(request);
        return;
    }
    if (reading == READABLE && request->type == MESSAGE_HELLO)
        introduce(request);
    else if (!greeted)
        refuse(request, REFUSAL_NOT_GREETED);
    else if (reading != READABLE)
        refuse(request, reading == UNKNOWN ? REFUSAL_UNKNOWN_TYPE : REFUSAL_BAD_PAYLOAD);
    else if (request->type == MESSAGE_POLL)
        say_news(request, now);
    else if (request->type == MESSAGE_TAKEN)
        receipt(request);
    else
        obey(request, now);
}

void talk_hear(uint8_t byte, uint32_t now)
{
    if (decoder_take(&decoder, byte) && decoder.frame.address == self.address && decoder.frame.type < 0x80)
        answer(&decoder.frame, now);
}

void talk_pressed(uint32_t now)
{
    /* With another one waiting it takes its turn at the next poll. */
    if (greeted && !polled && self.journal->count == 1)
        say_press(0, now);
}
