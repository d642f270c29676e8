// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdbool.h>
#include <stdint.h>

// The terminal, by way of ncurses. There is one, and one thread uses it; only ct_tty_restore may be called anywhere.

struct ct_options {
  const char *terminal;     // the name of the terminal's description; null or unknown falls back to known ones
  int standard_error;       // where standard error goes while the screen is up; -1 leaves it
  int escape_delay_ms;      // how long after Escape the rest of a key's sequence may come
  bool wants_utf8;          // whether UTF-8 is used although the locale is another
  bool refuses_utf8;        // whether ASCII is used although the locale is UTF-8
};

enum ct_failure {
  CT_OK = 0,
  CT_NOT_A_TERMINAL = 1,  // standard input or output is none
  CT_NO_DESCRIPTION = 2,  // not even the fallbacks are known
  CT_NO_PIPE = 3,         // no descriptors are left
  CT_ALREADY_OPEN = 4,
};

struct ct_capabilities {
  int colors;  // 0 for none
  int pairs;   // of colours; 0 for none
  bool utf8;
  bool mouse;
  bool extras;           // whether it knows xterm's private modes: paste, focus, title, clipboard, synchronised output
  const char *terminal;  // the description in use
};

/// Takes the terminal: raw, without echo, on the alternate screen. Signals go to the pipe from now on.
enum ct_failure ct_open(const struct ct_options *options);
/// Gives the terminal back for good; signals are as they were before.
void ct_close(void);
/// Gives the terminal back for a while, and takes it again; what was drawn must be drawn anew.
void ct_suspend(void);
void ct_resume(void);
/// Takes the terminal as it is after the process was stopped without its having been given back.
void ct_continue(void);
/// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
void ct_stop(void);
/// Writes what the terminal needs to be as it was, and nothing twice. Safe in signal handlers.
void ct_tty_restore(void);

void ct_get_capabilities(struct ct_capabilities *capabilities);
/// Columns and rows, asked of the terminal itself.
void ct_size(int *columns, int *rows);
/// Makes the screen as large as the terminal is now.
void ct_resize(void);
/// Readable when input waits.
int ct_input_descriptor(void);
/// Readable when a signal waits.
int ct_signal_descriptor(void);

enum ct_face {
  CT_BOLD = 1,
  CT_UNDERLINE = 2,
  CT_REVERSE = 4,
  CT_DIM = 8,
  CT_ITALIC = 16,
};

enum { CT_SCALARS = 5 };

struct ct_cell {
  uint32_t scalars[CT_SCALARS];  // a base and its marks, ended by zero
  int16_t foreground;            // a colour of the palette, or -1 for the terminal's own
  int16_t background;
  uint8_t face;
  uint8_t columns;  // 1 or 2
};

/// Draws cells from a place on; the right halves of wide ones are left out of `cells`.
void ct_put_row(int y, int x, const struct ct_cell *cells, int count);
/// Shows what was drawn; the cursor rests at the place, in the last row where `x` is negative, and is hidden unless `is_shown`.
void ct_flush(int y, int x, bool is_shown);
/// Draws everything at the next flush, whatever the terminal shows.
void ct_clear_all(void);
/// Writes bytes past ncurses.
void ct_raw(const char *bytes, int count);
void ct_mouse(bool on);

enum ct_kind {
  CT_NONE = 0,
  CT_CHARACTER,    // code: a scalar
  CT_KEY,          // code: enum ct_key, or CT_F0 and the number
  CT_MOUSE,        // code: enum ct_mouse_kind
  CT_PASTE_BEGIN,
  CT_PASTE_END,
  CT_FOCUS_IN,
  CT_FOCUS_OUT,
  CT_RESIZED,
  CT_STOPPING,     // the process is asked to stop
  CT_CONTINUED,
  CT_HANGUP,       // the terminal is gone, or the process is asked to end
};

enum ct_key {
  CT_UP = 1, CT_DOWN, CT_LEFT, CT_RIGHT, CT_HOME, CT_END, CT_PAGE_UP, CT_PAGE_DOWN,
  CT_ENTER, CT_TAB, CT_BACKSPACE, CT_DELETE, CT_INSERT,
  CT_F0 = 64,
};

enum ct_modifier { CT_CTRL = 1, CT_ALT = 2, CT_SHIFT = 4 };

enum ct_mouse_kind { CT_LEFT_DOWN, CT_MIDDLE_DOWN, CT_RIGHT_DOWN, CT_UP_AGAIN, CT_WHEEL_UP, CT_WHEEL_DOWN };

struct ct_event {
  uint32_t code;
  int16_t x;
  int16_t y;
  uint8_t kind;
  uint8_t modifiers;
};

/// The next event; false when none waits. Never blocks longer than the escape delay.
bool ct_next_event(struct ct_event *event);

/// The columns of a scalar as the C library knows them; -1 for none at all.
int ct_wcwidth(uint32_t scalar);
/// The version of ncurses that is linked.
const char *ct_version(void);
