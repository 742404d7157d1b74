/* The desk sign: shows the number called. The picture it is linked with decides which display it has. */
#include <stddef.h>

#include "board/clock.h"
#include "board/max7219.h"
#include "board/start.h"
#include "board/uart.h"
#include "core/sign.h"

int main(void)
{
    max7219_begin();
    sign_begin();
    start(&sign, NULL);
    uint32_t last = clock_now();
    for (;;) {
        uint32_t now = clock_now();
        listen(now);
        if (now != last) {
            max7219_step(sign_lit(now));
            uart_step();
        }
        last = now;
        rest();
    }
}
