/* The core of the firmware as a program of this machine: commands come in, what the device does goes out.
 * Built with the sanitizers. Times in ms. Each command is answered by one line:
 *   begin pad|sign ADDRESS UNIT START   "-"
 *   hear NOW HEX | press NOW KEY        the bytes said, in hex, or "-"
 *   lights NOW                          the lit keys as a mask, and whether the buzzer sounds
 *   contacts MASK                       the keys that just went down as a mask
 *   age NOW | noise AT                  "-": time passed, a byte of the journal's memory changed
 *   waits                               whether presses outlived a reset
 *   sign NOW                            whether it is lit, and the registers of its chips */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debounce.h"
#include "journal.h"
#include "pad.h"
#include "picture.h"
#include "sign.h"

static struct journal journal;
static struct debounce debounce;
static char said[4096];

void line_send(const uint8_t *wire, uint8_t length)
{
    /* Exactly as large as told, so that the sanitizer sees a byte too many. */
    uint8_t *copy = malloc(length);
    memcpy(copy, wire, length);
    for (uint8_t i = 0; i < length; i++)
        sprintf(said + strlen(said), "%02X", copy[i]);
    free(copy);
}

static void hear(uint32_t now, const char *hex)
{
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        talk_hear((uint8_t)byte, now);
}

static void show_sign(uint32_t now)
{
    int end = sprintf(said, "%d", sign_lit(now));
    for (uint8_t chip = 0; chip < picture_chips; chip++) {
        end += sprintf(said + end, " ");
        for (uint8_t row = 0; row < CHIP_ROWS; row++)
            end += sprintf(said + end, "%02X", picture_row(chip, row));
    }
}

static void begin(const char *kind, unsigned address, unsigned unit, unsigned start)
{
    int keys = strcmp(kind, "pad") == 0;
    sign_begin();
    pad_begin();
    debounce_begin(&debounce);
    journal_begin(&journal, (uint16_t)start);
    struct self self = {&sign, (uint8_t)address, unit, (uint16_t)start, NULL};
    if (keys) {
        self.product = &pad;
        self.journal = &journal;
    }
    talk_begin(&self);
}

int main(void)
{
    static char line[20000], words[20000];
    unsigned now, a, b;
    while (fgets(line, sizeof line, stdin)) {
        said[0] = 0;
        if (sscanf(line, "begin %15s %u %u %u", words, &now, &a, &b) == 4) {
            begin(words, now, a, b);
        } else if (sscanf(line, "hear %u %19999s", &now, words) == 2) {
            hear(now, words);
        } else if (sscanf(line, "press %u %u", &now, &a) == 2) {
            pad_thank((uint8_t)a, now);
            if (journal_add(&journal, (uint8_t)a, now))
                talk_pressed(now);
        } else if (sscanf(line, "lights %u", &now) == 1) {
            pad_step(now);
            sprintf(said, "%d %d", pad_lights(), pad_beeps());
        } else if (sscanf(line, "contacts %u", &a) == 1) {
            sprintf(said, "%d", debounce_sample(&debounce, (uint8_t)a));
        } else if (sscanf(line, "age %u", &now) == 1) {
            journal_step(&journal, now);
        } else if (sscanf(line, "noise %u", &a) == 1) {
            ((uint8_t *)&journal)[a] ^= 0x10;
        } else if (strncmp(line, "waits", 5) == 0) {
            sprintf(said, "%d", journal_waits(&journal));
        } else if (sscanf(line, "sign %u", &now) == 1) {
            show_sign(now);
        } else {
            return 2;
        }
        puts(said[0] ? said : "-");
    }
    return 0;
}
