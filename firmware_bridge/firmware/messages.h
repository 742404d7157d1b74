/* The messages between bridge and devices (PROTOCOL.md §2, §3).
 * Written by `python -m firmware_bridge.c_header` from catalog.py: change that, not this. */
#ifndef MESSAGES_H
#define MESSAGES_H

enum {
    SYNC = 0x7E,
    ESCAPE = 0x7D,
    FLIP = 0x20,
    MAX_PAYLOAD = 24,
    MAX_WIRE = 61,
    MAX_ADDRESS = 32,
    TEXT_BYTES = 23,
    PROTOCOL_VERSION = 1,
    KEPT_PRESSES = 16,
    THANKS_MS = 3000,
};

enum {
    KIND_PAD = 1,
    KIND_SIGN = 2,
};

enum {
    ABILITY_KEYS = 1,
    ABILITY_LIGHTS = 2,
    ABILITY_BUZZER = 4,
    ABILITY_TEXT = 8,
};

enum {
    LINE_POLLED = 1,
};

enum {
    PAD_STATE_ASLEEP = 0,
    PAD_STATE_ARMED = 1,
};

enum {
    SIGN_MODE_OFF = 0,
    SIGN_MODE_STEADY = 1,
    SIGN_MODE_BLINK = 2,
};

enum {
    REFUSAL_NOT_GREETED = 1,
    REFUSAL_UNKNOWN_TYPE = 2,
    REFUSAL_BAD_PAYLOAD = 3,
};

/* Types. */
enum {
    MESSAGE_HELLO = 0x01,
    MESSAGE_POLL = 0x02,
    MESSAGE_TAKEN = 0x03,
    MESSAGE_SHOW = 0x10,
    MESSAGE_PAD = 0x11,
    MESSAGE_IDENTITY = 0x81,
    MESSAGE_ALIVE = 0x82,
    MESSAGE_PRESS = 0x83,
    MESSAGE_DONE = 0x84,
    MESSAGE_REFUSED = 0x85,
};

/* hello: where each field begins in the payload; bytes of all numbers. */
enum {
    HELLO_VERSION = 0,
    HELLO_OLDEST = 1,
    HELLO_LINE = 2,
    HELLO_BYTES = 3,
};

/* taken: where each field begins in the payload; bytes of all numbers. */
enum {
    TAKEN_BOOT = 0,
    TAKEN_COUNTER = 4,
    TAKEN_BYTES = 8,
};

/* show: where each field begins in the payload; bytes of all numbers. */
enum {
    SHOW_MODE = 0,
    SHOW_TEXT = 1,
    SHOW_BYTES = 1,
};

/* pad: where each field begins in the payload; bytes of all numbers. */
enum {
    PAD_STATE = 0,
    PAD_SECONDS = 1,
    PAD_BYTES = 3,
};

/* identity: where each field begins in the payload; bytes of all numbers. */
enum {
    IDENTITY_VERSION = 0,
    IDENTITY_KIND = 1,
    IDENTITY_ABILITIES = 2,
    IDENTITY_SIZE = 3,
    IDENTITY_UNIT = 4,
    IDENTITY_BOOT = 8,
    IDENTITY_FIRMWARE = 12,
    IDENTITY_BYTES = 14,
};

/* alive: where each field begins in the payload; bytes of all numbers. */
enum {
    ALIVE_LOST = 0,
    ALIVE_BAD_FRAMES = 2,
    ALIVE_BYTES = 4,
};

/* press: where each field begins in the payload; bytes of all numbers. */
enum {
    PRESS_BOOT = 0,
    PRESS_COUNTER = 4,
    PRESS_KEY = 8,
    PRESS_AGE_MS = 9,
    PRESS_BYTES = 13,
};

/* refused: where each field begins in the payload; bytes of all numbers. */
enum {
    REFUSED_TYPE = 0,
    REFUSED_REASON = 1,
    REFUSED_BYTES = 2,
};

/* What a device may hear: ROW(name, fewest, most bytes of payload). */
#define HOST_MESSAGES(ROW) \
    ROW(HELLO, 3, 24) \
    ROW(POLL, 0, 0) \
    ROW(TAKEN, 8, 8) \
    ROW(SHOW, 1, 24) \
    ROW(PAD, 3, 3)

#endif
