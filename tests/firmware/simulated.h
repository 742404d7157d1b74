/* One device in simavr: its image, its pins, its MAX7219 chain, its ear on the line. */
#ifndef SIMULATED_H
#define SIMULATED_H

#include <stdint.h>

#include <simavr/sim_avr.h>

enum { HERTZ = 16000000, BAUD = 57600, BYTE_CYCLES = HERTZ / BAUD * 10, MOST = 4, CHIPS = 8, PAINT = 0xC5 };

struct device {
    int number;
    avr_t *avr;
    avr_irq_t *ear;
    void (*core_reset)(avr_t *);
    int switches;
    int chips;
    int pins[3][8]; /* B, C, D as last told */
    uint8_t pulled[3]; /* what hands and switches do to the inputs */
    uint8_t shift[2 * CHIPS];
    int registers[CHIPS][16];
    avr_cycle_count_t spoke; /* when it wrote its last byte */
    int fresh; /* was just reset */
    uint32_t hung_at; /* place of the flash word that was replaced, +1 */
    uint8_t hung_word[2];
};

extern struct device devices[MOST];
extern int count;
extern int spoken; /* bytes said by devices; whoever reads it sets it back */

/* Supplied by the harness: the host hears a byte. */
void to_host(const struct device *device, uint8_t byte);

/* Makes device number `count` of "IMAGE.elf,switches=N,…"; it has just got power. */
void device_make(char *words);

/* Lets its time go on to `cycle`. */
void device_run(struct device *device, uint64_t cycle);

/* Whether it drives the line; a byte of the line arrives. */
int device_drives(const struct device *device);
void device_hears(struct device *device, uint8_t byte);

/* A hand or a switch on an input (port 0 is B); what befalls a device. */
void device_pull(struct device *device, int port, int bit, int level);
void device_hang(struct device *device);
void device_dip(struct device *device);
void device_power(struct device *device, uint8_t noise);

/* Bytes of its EEPROM. */
void device_write_eeprom(struct device *device, int at, const char *hex);
void device_read_eeprom(struct device *device, int from, int size, uint8_t *to);

/* An event line; microseconds of a number of cycles; bytes of hex digits. */
void tell(const struct device *device, const char *what);
unsigned long long us(uint64_t cycles);
int from_hex(const char *text, uint8_t *to, int room);

#endif
