/* Why the device started, and the watchdog that starts it anew when its main loop hangs. */
#ifndef RESTART_H
#define RESTART_H

#include <stdbool.h>

enum { WATCHDOG_MS = 500 };

/* Whether the device had power all the time before this start. Else nobody knows how long it had none,
 * even where the memory is whole, so nothing in it has an age. */
bool restart_kept_power(void);

/* From now on `restart_alive` must be called at least every WATCHDOG_MS. */
void restart_watch(void);
void restart_alive(void);

#endif
