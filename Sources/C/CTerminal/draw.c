// SPDX-License-Identifier: Apache-2.0

#include "internal.h"

#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { COLOR_LIMIT = 257, ROW_LIMIT = 1024 };

// The pair of a foreground and a background, each from -1; 0 while there is none. alloc_pair crashes where there are no
// colours, so the dictionary is kept here.
static uint16_t pair_of[COLOR_LIMIT][COLOR_LIMIT];
static int pair_count;

void ct_draw_reset(void) {
  memset(pair_of, 0, sizeof pair_of);
  pair_count = 0;
}

static int color_pair(int foreground, int background) {
  if (!has_colors() || (foreground < 0 && background < 0)) return 0;
  if (foreground >= COLORS || background >= COLORS) return 0;
  uint16_t *pair = &pair_of[foreground + 1][background + 1];
  if (*pair != 0) return *pair;
  // When all are taken, the terminal's own colours must do.
  if (pair_count + 1 >= COLOR_PAIRS || pair_count + 1 >= 32767) return 0;
  if (init_extended_pair(pair_count + 1, foreground, background) == ERR) return 0;
  *pair = (uint16_t)++pair_count;
  return *pair;
}

static attr_t attributes(uint8_t face) {
  attr_t set = A_NORMAL;
  if (face & CT_BOLD) set |= A_BOLD;
  if (face & CT_UNDERLINE) set |= A_UNDERLINE;
  if (face & CT_REVERSE) set |= A_REVERSE;
  if (face & CT_DIM) set |= A_DIM;
  if (face & CT_ITALIC) set |= A_ITALIC;
  return set;
}

int ct_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

// What the library would place otherwise than the grid does becomes a question mark.
static void text_of(const struct ct_cell *cell, wchar_t text[CT_SCALARS + 1]) {
  int length = 0;
  for (; length < CT_SCALARS && cell->scalars[length] != 0; length++) {
    text[length] = (wchar_t)cell->scalars[length];
  }
  text[length] = 0;
  bool is_known = length > 0 && (ct.is_utf8 || (length == 1 && text[0] < 0x7F));
  if (is_known && wcwidth(text[0]) == cell->columns) return;
  text[0] = L'?';
  text[1] = 0;
}

void ct_put_row(int y, int x, const struct ct_cell *cells, int count) {
  cchar_t row[ROW_LIMIT];
  int used = 0;
  for (int i = 0; i < count && used + 2 < ROW_LIMIT; i++) {
    wchar_t text[CT_SCALARS + 1];
    text_of(&cells[i], text);
    attr_t set = attributes(cells[i].face);
    int pair = color_pair(cells[i].foreground, cells[i].background);
    if (setcchar(&row[used], text, set, 0, &pair) == ERR) {
      setcchar(&row[used], L"?", set, 0, &pair);
    }
    used++;
    // A question mark in the place of two columns.
    if (cells[i].columns == 2 && text[0] == L'?') setcchar(&row[used++], L" ", set, 0, &pair);
  }
  mvwadd_wchnstr(stdscr, y, x, row, used);
}

void ct_flush(int y, int x, bool is_shown) {
  bool is_inside = x >= 0 && y >= 0 && x < COLS && y < LINES;
  bool is_visible = is_inside && is_shown;
  // Without a place, it rests where it does least harm on terminals that cannot hide it.
  wmove(stdscr, is_inside ? y : LINES - 1, is_inside ? x : 0);
  if (ct.has_extras) ct_raw("\033[?2026h", -1);
  curs_set(is_visible ? 1 : 0);
  wnoutrefresh(stdscr);
  doupdate();
  if (ct.has_extras) ct_raw("\033[?2026l", -1);
}

void ct_clear_all(void) { clearok(curscr, TRUE); }

void ct_raw(const char *bytes, int count) {
  size_t left = count < 0 ? strlen(bytes) : (size_t)count;
  while (left > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, left);
    if (written <= 0) return;
    bytes += written;
    left -= (size_t)written;
  }
}

void ct_mouse(bool on) {
  if (!ct.has_mouse) return;
  ct.is_mouse_on = on;
  mmask_t wanted = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED |
                   BUTTON3_PRESSED | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED |
                   BUTTON_SHIFT | BUTTON_CTRL | BUTTON_ALT;
  mousemask(on ? wanted : 0, NULL);
}
