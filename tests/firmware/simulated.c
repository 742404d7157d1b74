/* Devices in simavr: what happens at their pins becomes events. */
#include "simulated.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <simavr/avr_eeprom.h>
#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_spi.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_elf.h>

enum { DRIVER_BIT = 2, LOAD_BIT = 2, SWITCH_HIGH = 5 };

struct device devices[MOST];
int count;
int spoken;

unsigned long long us(uint64_t cycles) { return cycles / (HERTZ / 1000000); }

void tell(const struct device *device, const char *what)
{
    printf("%llu %d %s\n", us(device->avr->cycle), device->number, what);
}

int device_drives(const struct device *device) { return device->pins[2][DRIVER_BIT] == 1; }

void device_hears(struct device *device, uint8_t byte)
{
    /* Its receiver is off while it speaks, as on a transceiver with both enables tied together. */
    if (!device_drives(device))
        avr_raise_irq(device->ear, byte);
}

/* A device sends a byte. */
static void on_byte(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    struct device *device = param;
    device->spoke = device->avr->cycle;
    if (!device_drives(device)) {
        tell(device, "fault speaks with its driver off");
        return;
    }
    for (int i = 0; i < count; i++) {
        if (&devices[i] != device && device_drives(&devices[i]))
            tell(device, "fault two drivers at once");
        if (&devices[i] != device)
            device_hears(&devices[i], (uint8_t)value);
    }
    spoken++;
    to_host(device, (uint8_t)value);
}

static void latch(struct device *device)
{
    for (int chip = 0; chip < device->chips; chip++) {
        int at = 2 * (device->chips - 1 - chip), reg = device->shift[at] & 15, value = device->shift[at + 1];
        if (reg == 0 || device->registers[chip][reg] == value)
            continue;
        device->registers[chip][reg] = value;
        printf("%llu %d chip %d %d %02X\n", us(device->avr->cycle), device->number, chip, reg, value);
    }
}

static void on_spi(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq;
    struct device *device = param;
    if (device->chips == 0)
        return;
    memmove(device->shift, device->shift + 1, 2 * (size_t)device->chips - 1);
    device->shift[2 * device->chips - 1] = (uint8_t)value;
}

static void on_pin(avr_irq_t *irq, uint32_t value, void *param)
{
    struct device *device = param;
    int port = 0;
    while (irq - avr_io_getirq(device->avr, AVR_IOCTL_IOPORT_GETIRQ('B' + port), 0) < 0
           || irq - avr_io_getirq(device->avr, AVR_IOCTL_IOPORT_GETIRQ('B' + port), 0) > 7)
        port++;
    int bit = (int)(irq - avr_io_getirq(device->avr, AVR_IOCTL_IOPORT_GETIRQ('B' + port), 0));
    int level = value & 1, before = device->pins[port][bit];
    device->pins[port][bit] = level;
    if (level == before)
        return;
    int early = device->avr->cycle - device->spoke < BYTE_CYCLES * 9 / 10;
    if (port == 2 && bit == DRIVER_BIT && before == 1 && early)
        tell(device, "fault driver off before the byte was out");
    if (port == 0 && bit == LOAD_BIT && level && device->chips)
        latch(device);
    else if (device->chips == 0 && ((port == 0 && bit < 5) || (port == 2 && bit == 3)))
        printf("%llu %d pin %c%d %d\n", us(device->avr->cycle), device->number, 'B' + port, bit, level);
}

/* Wakes a sleeping device so that it never runs past the next byte of the line. */
static avr_cycle_count_t on_slice(avr_t *avr, avr_cycle_count_t when, void *param)
{
    (void)avr, (void)param;
    return when + BYTE_CYCLES / 2;
}

void device_pull(struct device *device, int port, int bit, int level)
{
    uint8_t mask = (uint8_t)(1 << bit);
    device->pulled[port] = (uint8_t)((device->pulled[port] & ~mask) | (level ? mask : 0));
    avr_ioport_external_t all = {.name = 'B' + port, .mask = port == 1 ? 0x3F : 0xF0};
    all.value = device->pulled[port];
    avr_ioctl(device->avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('B' + port), &all);
    avr_irq_t *pin = avr_io_getirq(device->avr, AVR_IOCTL_IOPORT_GETIRQ('B' + port), bit);
    /* A level it had before a reset would pass for no news. */
    avr_raise_irq(pin, !level);
    avr_raise_irq(pin, (uint32_t)level);
}

static void on_reset(avr_t *avr)
{
    struct device *device = devices;
    while (device->avr != avr)
        device++;
    if (device->core_reset)
        device->core_reset(avr);
    if (device->hung_at) {
        memcpy(avr->flash + device->hung_at - 1, device->hung_word, 2);
        device->hung_at = 0;
    }
    for (int port = 0; port < 3; port++)
        for (int bit = 0; bit < 8; bit++)
            device->pins[port][bit] = 0;
    tell(device, "reset");
    device->fresh = 1;
}

static void after_reset(struct device *device)
{
    device->fresh = 0;
    avr_cycle_timer_register(device->avr, BYTE_CYCLES / 2, on_slice, NULL);
    /* The driver's pin is INT0 too: at rest it would be looked at in every cycle. */
    for (uint8_t interrupt = 0; interrupt < 2; interrupt++)
        avr_extint_set_strict_lvl_trig(device->avr, interrupt, 0);
    for (int bit = 0; bit <= SWITCH_HIGH; bit++)
        device_pull(device, 1, bit, device->pulled[1] >> bit & 1);
    for (int bit = 4; bit < 8; bit++)
        device_pull(device, 2, bit, device->pulled[2] >> bit & 1);
}

void device_dip(struct device *device)
{
    avr_reset(device->avr);
    avr_regbit_set(device->avr, device->avr->reset_flags.borf);
}

void device_power(struct device *device, uint8_t noise)
{
    avr_t *avr = device->avr;
    avr_reset(avr);
    for (unsigned at = avr->ioend + 1; at <= avr->ramend; at++)
        avr->data[at] = noise;
    avr_regbit_set(avr, avr->reset_flags.porf);
}

int from_hex(const char *text, uint8_t *to, int room)
{
    int size = 0;
    unsigned byte;
    while (size < room && sscanf(text, "%2x", &byte) == 1 && text[0] && text[1]) {
        to[size++] = (uint8_t)byte;
        text += 2;
    }
    return size;
}

void device_write_eeprom(struct device *device, int at, const char *hex)
{
    uint8_t bytes[1024];
    avr_eeprom_desc_t what = {bytes, (uint16_t)at, (uint32_t)from_hex(hex, bytes, sizeof bytes)};
    avr_ioctl(device->avr, AVR_IOCTL_EEPROM_SET, &what);
}

static void notify(struct device *device, uint32_t part, int index, avr_irq_notify_t heed)
{
    avr_irq_register_notify(avr_io_getirq(device->avr, part, index), heed, device);
}

/* Real time is kept by the harness alone. */
static void no_sleep(avr_t *avr, avr_cycle_count_t cycles) { (void)avr, (void)cycles; }

void device_make(char *words)
{
    struct device *device = &devices[count];
    char *image = strtok(words, ","), *word;
    elf_firmware_t firmware = {0};
    const char *eeprom = "";
    if (elf_read_firmware(image, &firmware) != 0)
        exit(3);
    device->number = count++;
    device->avr = avr_make_mcu_by_name("atmega328p");
    device->avr->log = 0;
    avr_init(device->avr);
    device->avr->frequency = HERTZ;
    device->avr->log = 0;
    firmware.frequency = HERTZ;
    avr_load_firmware(device->avr, &firmware);
    device->avr->sleep = no_sleep;
    while ((word = strtok(NULL, ",")) != NULL) {
        sscanf(word, "switches=%d", &device->switches);
        sscanf(word, "chips=%d", &device->chips);
        if (strncmp(word, "eeprom=", 7) == 0)
            eeprom = word + 7;
    }
    device_write_eeprom(device, 0, eeprom);
    memset(device->registers, 0xFF, sizeof device->registers);
    device->core_reset = device->avr->reset;
    device->avr->reset = on_reset;
    uint32_t flags = 0;
    avr_ioctl(device->avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    device->ear = avr_io_getirq(device->avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    notify(device, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT, on_byte);
    notify(device, AVR_IOCTL_SPI_GETIRQ(0), SPI_IRQ_OUTPUT, on_spi);
    for (int pin = 0; pin < 24; pin++)
        notify(device, AVR_IOCTL_IOPORT_GETIRQ('B' + pin / 8), pin % 8, on_pin);
    device->pulled[1] = (uint8_t)(0x1F | (device->switches & 16 ? 0 : 0x20));
    device->pulled[2] = (uint8_t)(~device->switches << 4);
    device_power(device, PAINT);
}

void device_hang(struct device *device)
{
    /* rjmp to itself, where the main loop is just now: interrupts go on, the loop does not. */
    device->hung_at = device->avr->pc + 1;
    memcpy(device->hung_word, device->avr->flash + device->avr->pc, 2);
    device->avr->flash[device->avr->pc] = 0xFF;
    device->avr->flash[device->avr->pc + 1] = 0xCF;
}

void device_read_eeprom(struct device *device, int from, int size, uint8_t *to)
{
    avr_eeprom_desc_t what = {to, (uint16_t)from, (uint32_t)size};
    avr_ioctl(device->avr, AVR_IOCTL_EEPROM_GET, &what);
}

void device_run(struct device *device, uint64_t cycle)
{
    while (device->avr->cycle < cycle) {
        if (device->fresh)
            after_reset(device);
        int state = avr_run(device->avr);
        if (state == cpu_Done || state == cpu_Crashed) {
            tell(device, "fault crashed");
            fflush(stdout);
            exit(4);
        }
    }
}
