/* Tables that stay in flash on the controller, and are plain memory where the core is tested natively. */
#ifndef FLASH_H
#define FLASH_H

#include <stdint.h>

#ifdef __AVR__
#include <avr/pgmspace.h>
#define IN_FLASH PROGMEM
#define flash_byte(address) pgm_read_byte(address)
#else
#define IN_FLASH
#define flash_byte(address) (*(address))
#endif

#endif
