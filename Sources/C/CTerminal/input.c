// SPDX-License-Identifier: Apache-2.0

#include "internal.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include <wchar.h>

// Codes of keys that ncurses has none for: beyond those it gives to the extended names of terminfo itself.
enum { OWN = 4000, PASTE_BEGIN = OWN + 1024, PASTE_END, FOCUS_IN, FOCUS_OUT };
// How often a read may fail although something can be read, before the terminal counts as gone.
enum { ERROR_LIMIT = 100, MOUSE_REST_LIMIT = 24 };

static int own_code(int key, int modifiers) { return OWN + key * 8 + modifiers; }

// xterm's number for held keys: one more than shift 1, alt 2, control 4.
static int modifiers_of(int number) {
  int bits = number - 1;
  return (bits & 1 ? CT_SHIFT : 0) | (bits & 2 ? CT_ALT : 0) | (bits & 4 ? CT_CTRL : 0);
}

static void define(const char *sequence, int code) {
  if (sequence != NULL && sequence != (char *)-1 && sequence[0] != 0) define_key(sequence, code);
}

static const struct {
  int key;
  char letter;       // CSI letter and SS3 letter
  int number;        // CSI number ~
  const char *name;  // of terminfo's extended names, the number of the held keys behind it
} movers[] = {
    {CT_UP, 'A', 0, "kUP"},        {CT_DOWN, 'B', 0, "kDN"},      {CT_RIGHT, 'C', 0, "kRIT"},
    {CT_LEFT, 'D', 0, "kLFT"},     {CT_HOME, 'H', 1, "kHOM"},     {CT_END, 'F', 4, "kEND"},
    {CT_PAGE_UP, 0, 5, "kPRV"},    {CT_PAGE_DOWN, 0, 6, "kNXT"},  {CT_DELETE, 0, 3, "kDC"},
    {CT_INSERT, 0, 2, "kIC"},
};

// The same keys have different sequences on different terminals, and some send those of the mode they are not in.
void ct_define_keys(void) {
  char text[32];
  for (unsigned i = 0; i < sizeof movers / sizeof movers[0]; i++) {
    int plain = own_code(movers[i].key, 0);
    if (movers[i].letter != 0) {
      snprintf(text, sizeof text, "\033[%c", movers[i].letter);
      define(text, plain);
      snprintf(text, sizeof text, "\033O%c", movers[i].letter);
      define(text, plain);
    }
    if (movers[i].number != 0) {
      snprintf(text, sizeof text, "\033[%d~", movers[i].number);
      define(text, plain);
    }
    for (int held = 2; held <= 8; held++) {
      int code = own_code(movers[i].key, modifiers_of(held));
      snprintf(text, sizeof text, "%s%d", movers[i].name, held);
      define(tigetstr(text), code);
      if (movers[i].letter != 0) {
        snprintf(text, sizeof text, "\033[1;%d%c", held, movers[i].letter);
        define(text, code);
      }
      if (movers[i].number != 0) {
        snprintf(text, sizeof text, "\033[%d;%d~", movers[i].number, held);
        define(text, code);
      }
    }
  }
  define("\033[7~", own_code(CT_HOME, 0));
  define("\033[8~", own_code(CT_END, 0));
  define("\033[Z", own_code(CT_TAB, CT_SHIFT));
  define("\033[200~", PASTE_BEGIN);
  define("\033[201~", PASTE_END);
  define("\033[I", FOCUS_IN);
  define("\033[O", FOCUS_OUT);
}

static const struct {
  int code;
  int key;
  int modifiers;
} keys[] = {
    {KEY_UP, CT_UP, 0},           {KEY_DOWN, CT_DOWN, 0},        {KEY_LEFT, CT_LEFT, 0},
    {KEY_RIGHT, CT_RIGHT, 0},     {KEY_HOME, CT_HOME, 0},        {KEY_END, CT_END, 0},
    {KEY_PPAGE, CT_PAGE_UP, 0},   {KEY_NPAGE, CT_PAGE_DOWN, 0},  {KEY_ENTER, CT_ENTER, 0},
    {KEY_BTAB, CT_TAB, CT_SHIFT}, {KEY_BACKSPACE, CT_BACKSPACE, 0}, {KEY_DC, CT_DELETE, 0},
    {KEY_IC, CT_INSERT, 0},       {KEY_SR, CT_UP, CT_SHIFT},     {KEY_SF, CT_DOWN, CT_SHIFT},
    {KEY_SLEFT, CT_LEFT, CT_SHIFT}, {KEY_SRIGHT, CT_RIGHT, CT_SHIFT}, {KEY_SHOME, CT_HOME, CT_SHIFT},
    {KEY_SEND, CT_END, CT_SHIFT}, {KEY_SPREVIOUS, CT_PAGE_UP, CT_SHIFT},
    {KEY_SNEXT, CT_PAGE_DOWN, CT_SHIFT}, {KEY_SDC, CT_DELETE, CT_SHIFT}, {KEY_SIC, CT_INSERT, CT_SHIFT},
    {KEY_A1, CT_HOME, 0},         {KEY_A3, CT_PAGE_UP, 0},       {KEY_C1, CT_END, 0},
    {KEY_C3, CT_PAGE_DOWN, 0},    {KEY_LL, CT_END, 0},
};

static bool take_mouse(struct ct_event *event) {
  MEVENT mouse;
  if (!ct.is_mouse_on) {
    // A report that was under way when the mouse was turned off: its rest would be taken for keys.
    wint_t unit;
    for (int i = 0; i < MOUSE_REST_LIMIT && wget_wch(ct.input, &unit) != ERR; i++) {
      if (unit == 'M' || unit == 'm') break;
    }
    return false;
  }
  if (getmouse(&mouse) == ERR) return false;
  mmask_t state = mouse.bstate;
  event->kind = CT_MOUSE;
  event->x = (int16_t)mouse.x;
  event->y = (int16_t)mouse.y;
  event->modifiers = (state & BUTTON_SHIFT ? CT_SHIFT : 0) | (state & BUTTON_CTRL ? CT_CTRL : 0) |
                     (state & BUTTON_ALT ? CT_ALT : 0);
  if (state & BUTTON4_PRESSED) event->code = CT_WHEEL_UP;
  else if (state & BUTTON5_PRESSED) event->code = CT_WHEEL_DOWN;
  else if (state & BUTTON1_PRESSED) event->code = CT_LEFT_DOWN;
  else if (state & BUTTON2_PRESSED) event->code = CT_MIDDLE_DOWN;
  else if (state & BUTTON3_PRESSED) event->code = CT_RIGHT_DOWN;
  else if (state & (BUTTON1_RELEASED | BUTTON2_RELEASED | BUTTON3_RELEASED)) event->code = CT_UP_AGAIN;
  else return false;
  return true;
}

static bool take_key(int code, struct ct_event *event) {
  switch (code) {
    case PASTE_BEGIN: event->kind = CT_PASTE_BEGIN; return true;
    case PASTE_END: event->kind = CT_PASTE_END; return true;
    case FOCUS_IN: event->kind = CT_FOCUS_IN; return true;
    case FOCUS_OUT: event->kind = CT_FOCUS_OUT; return true;
    case KEY_MOUSE: return take_mouse(event);
    default: break;
  }
  event->kind = CT_KEY;
  if (code >= OWN && code < PASTE_BEGIN) {
    event->code = (uint32_t)(code - OWN) / 8;
    event->modifiers = (uint8_t)((code - OWN) % 8);
    return true;
  }
  if (code > KEY_F0 && code <= KEY_F0 + 63) {
    event->code = (uint32_t)(CT_F0 + code - KEY_F0);
    return true;
  }
  for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (keys[i].code != code) continue;
    event->code = (uint32_t)keys[i].key;
    event->modifiers = (uint8_t)keys[i].modifiers;
    return true;
  }
  return false;
}

static bool is_gone(void) {
  struct pollfd file = {.fd = STDIN_FILENO, .events = POLLIN};
  if (poll(&file, 1, 0) <= 0) {
    ct.error_count = 0;
    return false;
  }
  if (file.revents & (POLLHUP | POLLERR | POLLNVAL)) return true;
  return ++ct.error_count > ERROR_LIMIT;
}

bool ct_next_event(struct ct_event *event) {
  *event = (struct ct_event){0};
  if (ct.screen == NULL) return false;
  if (ct_next_signal(event)) return true;
  if (isendwin()) return false;
  for (;;) {
    wint_t unit = 0;
    int result = wget_wch(ct.input, &unit);
    if (result == ERR) {
      if (!is_gone()) return false;
      event->kind = CT_HANGUP;
      return true;
    }
    ct.error_count = 0;
    if (result == KEY_CODE_YES) {
      if (take_key((int)unit, event)) return true;
      *event = (struct ct_event){0};
      continue;
    }
    event->kind = CT_CHARACTER;
    event->code = (uint32_t)unit;
    return true;
  }
}
