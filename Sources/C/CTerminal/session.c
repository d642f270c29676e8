// SPDX-License-Identifier: Apache-2.0

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "terminal.h"

const char *ct_version(void) { return curses_version(); }
