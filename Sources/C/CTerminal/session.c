// SPDX-License-Identifier: Apache-2.0

#include "internal.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct ct_state ct = {
    .signal_reader = -1, .signal_writer = -1, .redirected_error = -1, .saved_error = -1};

const char *ct_version(void) { return curses_version(); }

static void choose_locale(const struct ct_options *options) {
  setlocale(LC_CTYPE, "");
  bool is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  if (!is_utf8 && options->wants_utf8) is_utf8 = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
  ct.is_utf8 = is_utf8 && !options->refuses_utf8;
}

// A terminal whose cursor cannot be placed gets no screen.
static bool can_place_cursor(void) {
  const char *sequence = tigetstr("cup");
  return sequence != NULL && sequence != (char *)-1;
}

static void free_screen(void) {
  endwin();
  delscreen(ct.screen);
  ct.screen = NULL;
}

// newterm returns null for what it does not know, where initscr would end the process.
static bool open_first(const char *wanted) {
  const char *names[] = {wanted, "xterm-256color", "xterm", "vt100"};
  bool is_dumb = false;
  for (int i = 0; i < 4; i++) {
    if (names[i] == NULL || names[i][0] == 0) continue;
    // One that is known to do little is not taken for one that does much.
    if (is_dumb && i < 3) continue;
    ct.screen = newterm(names[i], stdout, stdin);
    if (ct.screen == NULL) continue;
    snprintf(ct.terminal, sizeof ct.terminal, "%s", names[i]);
    if (can_place_cursor()) return true;
    is_dumb = true;
    free_screen();
  }
  return false;
}

static bool begins_with(const char *text, const char *prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool knows_extras(const char *terminal) {
  const char *names[] = {"xterm", "tmux", "screen", "alacritty", "foot", "kitty", "wezterm", "rxvt",
                         "st-", "konsole", "gnome", "vte", "iterm", "ghostty"};
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (begins_with(terminal, names[i])) return true;
  }
  return false;
}

static void set_modes(int escape_delay_ms) {
  raw();
  noecho();
  nonl();
  set_escdelay(escape_delay_ms);
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, FALSE);
  nodelay(ct.input, TRUE);
  keypad(ct.input, TRUE);
  meta(ct.input, TRUE);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  mouseinterval(0);
  curs_set(0);
}

void ct_redirect_error(bool on) {
  if (ct.redirected_error < 0) return;
  if (on && ct.saved_error < 0) {
    ct.saved_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (ct.saved_error >= 0) dup2(ct.redirected_error, STDERR_FILENO);
  } else if (!on && ct.saved_error >= 0) {
    dup2(ct.saved_error, STDERR_FILENO);
    close(ct.saved_error);
    ct.saved_error = -1;
  }
}

static void enter(void) {
  // Bracketed paste, reports of the focus, and the title kept for later.
  if (ct.has_extras) ct_raw("\033[?2004h\033[?1004h\033[22;2t", -1);
  if (ct.is_mouse_on) ct_mouse(true);
}

static void leave(void) {
  bool was_on = ct.is_mouse_on;
  if (was_on) ct_mouse(false);
  ct.is_mouse_on = was_on;
  if (ct.has_extras) ct_raw("\033[?2004l\033[?1004l\033[23;2t", -1);
}

enum ct_failure ct_open(const struct ct_options *options) {
  if (ct.screen != NULL) return CT_ALREADY_OPEN;
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CT_NOT_A_TERMINAL;
  choose_locale(options);
  ct_crash_save_modes();
  // Before newterm, which would install handlers of its own for signals that have none.
  if (!ct_signals_install()) return CT_NO_PIPE;
  // The size is the terminal's own, whatever LINES and COLUMNS say.
  use_env(FALSE);
  use_tioctl(TRUE);
  if (!open_first(options->terminal)) {
    ct_signals_remove();
    return CT_NO_DESCRIPTION;
  }
  ct.input = newpad(1, 1);
  ct.has_extras = knows_extras(ct.terminal);
  const char *mouse = tigetstr("kmous");
  ct.has_mouse = mouse != NULL && mouse != (char *)-1;
  ct.redirected_error = options->standard_error;
  ct.error_count = 0;
  set_modes(options->escape_delay_ms);
  ct_define_keys();
  ct_draw_reset();
  ct_crash_install();
  ct_crash_arm();
  ct_redirect_error(true);
  clear();
  refresh();
  enter();
  return CT_OK;
}

void ct_suspend(void) {
  if (ct.screen == NULL || isendwin()) return;
  leave();
  endwin();
  ct_crash_disarm();
  ct_redirect_error(false);
}

void ct_resume(void) {
  if (ct.screen == NULL) return;
  ct_crash_arm();
  ct_redirect_error(true);
  reset_prog_mode();
  ct_resize();
  ct_clear_all();
  refresh();
  enter();
}

void ct_continue(void) {
  if (ct.screen == NULL || isendwin()) return;
  leave();
  ct_resume();
}

void ct_stop(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL}, ours;
  sigset_t stop, old;
  ct_suspend();
  sigaction(SIGTSTP, &standard, &ours);
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &old);
  // To this thread, so that it has been taken when the call returns; another one would perhaps take it only when the
  // handler is back. It stops the whole process all the same.
  pthread_kill(pthread_self(), SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  sigaction(SIGTSTP, &ours, NULL);
  ct_resume();
}

void ct_close(void) {
  if (ct.screen == NULL) return;
  ct_suspend();
  ct_crash_remove();
  ct_signals_remove();
  delwin(ct.input);
  delscreen(ct.screen);
  ct.input = NULL;
  ct.screen = NULL;
  ct.is_mouse_on = false;
}

void ct_get_capabilities(struct ct_capabilities *capabilities) {
  bool has = has_colors();
  capabilities->colors = has ? COLORS : 0;
  capabilities->pairs = has ? COLOR_PAIRS : 0;
  capabilities->utf8 = ct.is_utf8;
  capabilities->mouse = ct.has_mouse;
  capabilities->extras = ct.has_extras;
  capabilities->terminal = ct.terminal;
}

void ct_size(int *columns, int *rows) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    *columns = size.ws_col;
    *rows = size.ws_row;
  } else {
    *columns = ct.screen == NULL ? 80 : COLS;
    *rows = ct.screen == NULL ? 24 : LINES;
  }
}

void ct_resize(void) {
  int columns, rows;
  ct_size(&columns, &rows);
  if (columns != COLS || rows != LINES) resizeterm(rows, columns);
  ct_clear_all();
}

int ct_input_descriptor(void) { return STDIN_FILENO; }
int ct_signal_descriptor(void) { return ct.signal_reader; }
