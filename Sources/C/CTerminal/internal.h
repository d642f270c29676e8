// SPDX-License-Identifier: Apache-2.0

#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>

#include "terminal.h"

enum { CT_NAME_LIMIT = 128 };

struct ct_state {
  SCREEN *screen;
  WINDOW *input;  // a pad: reading from it draws nothing
  char terminal[CT_NAME_LIMIT];
  bool is_utf8;
  bool has_extras;
  bool has_mouse;
  bool is_mouse_on;
  int signal_reader;
  int signal_writer;
  int redirected_error;  // where standard error goes while the screen is up; -1 for nowhere else
  int saved_error;       // what standard error is otherwise; -1 while it is that
  int error_count;       // reads that failed in a row although something could be read
};

extern struct ct_state ct;

// crash.c
void ct_crash_install(void);
void ct_crash_remove(void);
// Remembers the terminal's modes, once, before anything is changed.
void ct_crash_save_modes(void);
// Puts together what must be written to leave the screen; while armed, a crash writes it.
void ct_crash_arm(void);
void ct_crash_disarm(void);

// signals.c
bool ct_signals_install(void);
void ct_signals_remove(void);
// The next signal as an event; false when none waits.
bool ct_next_signal(struct ct_event *event);

// input.c
void ct_define_keys(void);

// draw.c
void ct_draw_reset(void);

// session.c
void ct_redirect_error(bool on);
