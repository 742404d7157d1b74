/* Runs the firmware of one or more devices on one line in simavr, presses their pins and tells what they do.
 *
 *   harness LINK IMAGE.elf[,switches=N][,eeprom=HEX][,chips=N] …
 *
 * LINK is where a link to the pseudo-terminal of the line is put, and time is real; or "-": time goes only by
 * the command `run`, and the line by `send` and the event `byte`. chips: a chain of MAX7219 hangs on its SPI.
 * Commands, one a line, each answered by "ok" and the time in microseconds:
 *   run US | send HEX | pin DEVICE PORT BIT LEVEL | hang DEVICE | power DEVICE (off and on)
 *   | dip DEVICE (the same, too short for its memory to forget) | spark DEVICE (its MAX7219 forget all)
 *   | unused DEVICE FROM | eeprom DEVICE FROM COUNT | write DEVICE AT HEX
 * Events: "US DEVICE pin B0 1", "… chip 0 1 7E", "… byte 7E", "… reset", "… fault WORDS". */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "simulated.h"

enum { SLIP_US = 50000 };

static uint64_t cycle; /* of the line: where all devices have got to */
static uint8_t queue[4096];
static size_t queue_in, queue_out;
static int master = -1;

void to_host(const struct device *device, uint8_t byte)
{
    if (master < 0)
        printf("%llu %d byte %02X\n", us(device->avr->cycle), device->number, byte);
    else if (write(master, &byte, 1) < 0)
        /* Nobody reads: a wire would lose it too. */
        return;
}

/* Lets time go on to `end` cycles, or, if `early`, to the end of the millisecond in which a device spoke. */
static void go(uint64_t end, int early)
{
    spoken = 0;
    while (cycle < end && !(early && spoken && cycle % (HERTZ / 1000) < BYTE_CYCLES)) {
        cycle += end - cycle < BYTE_CYCLES ? end - cycle : BYTE_CYCLES;
        if (queue_out != queue_in) {
            uint8_t byte = queue[queue_out++ % sizeof queue];
            for (int i = 0; i < count; i++) {
                /* A device that has its line for itself may. */
                if (count > 1 && device_drives(&devices[i]))
                    tell(&devices[i], "fault speaks while the host does");
                device_hears(&devices[i], byte);
            }
        }
        for (int i = 0; i < count; i++)
            device_run(&devices[i], cycle);
    }
}

static void command(const char *line)
{
    char hex[8192];
    unsigned long long time;
    int number = 0, bit, level, from, size;
    char port;
    if (sscanf(line, "run %llu", &time) == 1) {
        go(cycle + time * (HERTZ / 1000000), 1);
    } else if (sscanf(line, "send %8191s", hex) == 1) {
        uint8_t bytes[4096];
        int length = from_hex(hex, bytes, sizeof bytes);
        for (int i = 0; i < length; i++)
            queue[queue_in++ % sizeof queue] = bytes[i];
    } else if (sscanf(line, "pin %d %c %d %d", &number, &port, &bit, &level) == 4) {
        device_pull(&devices[number], port - 'B', bit, level);
    } else if (sscanf(line, "hang %d", &number) == 1) {
        device_hang(&devices[number]);
    } else if (sscanf(line, "power %d", &number) == 1) {
        device_power(&devices[number], 0x5A);
    } else if (sscanf(line, "dip %d", &number) == 1) {
        device_dip(&devices[number]);
    } else if (sscanf(line, "unused %d %d", &number, &from) == 2) {
        int at = from;
        while (at <= devices[number].avr->ramend && devices[number].avr->data[at] == PAINT)
            at++;
        printf("unused %d\n", at - from);
    } else if (sscanf(line, "eeprom %d %d %d", &number, &from, &size) == 3) {
        uint8_t bytes[1024];
        device_read_eeprom(&devices[number], from, size, bytes);
        printf("eeprom ");
        for (int i = 0; i < size; i++)
            printf("%02X", bytes[i]);
        printf("\n");
    } else if (sscanf(line, "write %d %d %8191s", &number, &from, hex) == 3) {
        device_write_eeprom(&devices[number], from, hex);
    } else if (sscanf(line, "spark %d", &number) == 1) {
        memset(devices[number].registers, 0xFF, sizeof devices[number].registers);
    } else {
        printf("what? %s", line);
    }
    printf("ok %llu\n", us(cycle));
    fflush(stdout);
}

static unsigned long long real_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}

static void open_line(const char *link)
{
    int slave;
    char name[128];
    struct termios raw;
    if (openpty(&master, &slave, name, NULL, NULL) != 0 || tcgetattr(slave, &raw) != 0)
        exit(5);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    fcntl(master, F_SETFL, O_NONBLOCK);
    if (symlink(name, link) != 0)
        exit(5);
}

/* Real time: sleeps while ahead of it, and lets it slip rather than run after it without a rest. */
static void live(void)
{
    struct pollfd watched[2] = {{0, POLLIN, 0}, {master, POLLIN, 0}};
    char line[8192];
    /* poll() sees only what is still in the pipe: two commands that came together must not hide in a buffer. */
    setvbuf(stdin, NULL, _IONBF, 0);
    unsigned long long begin = real_us() - us(cycle);
    for (;;) {
        unsigned long long wanted = real_us() - begin;
        if (wanted > us(cycle) + SLIP_US)
            begin += wanted - us(cycle) - SLIP_US;
        go((real_us() - begin) * (HERTZ / 1000000), 0);
        fflush(stdout);
        poll(watched, 2, 1);
        if (watched[0].revents && !fgets(line, sizeof line, stdin))
            return;
        if (watched[0].revents)
            command(line);
        uint8_t bytes[256];
        ssize_t size = watched[1].revents ? read(master, bytes, sizeof bytes) : 0;
        for (ssize_t i = 0; i < size; i++)
            queue[queue_in++ % sizeof queue] = bytes[i];
    }
}

int main(int argc, char **argv)
{
    char line[8192];
    setvbuf(stdin, NULL, _IONBF, 0);
    if (argc < 3 || argc - 2 > MOST)
        return 2;
    for (int i = 2; i < argc; i++)
        device_make(argv[i]);
    if (strcmp(argv[1], "-") != 0) {
        open_line(argv[1]);
        live();
    } else {
        while (fgets(line, sizeof line, stdin))
            command(line);
    }
    return 0;
}
