// SPDX-License-Identifier: Apache-2.0

#include "internal.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CRASH_COUNT = 6, SEQUENCE_LIMIT = 512, STACK_BYTES = 64 * 1024 };
static const int crashes[CRASH_COUNT] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
static struct sigaction former[CRASH_COUNT];
static struct termios modes;
static bool has_modes;
static char sequence[SEQUENCE_LIMIT];
static size_t sequence_length;
static atomic_bool is_armed;
static char stack[STACK_BYTES];

void ct_crash_save_modes(void) { has_modes = tcgetattr(STDIN_FILENO, &modes) == 0; }

static void add(const char *text) {
  if (text == NULL || text == (char *)-1) return;
  // Padding such as `$<5>` is for the hardware of old.
  for (; *text != 0 && sequence_length < SEQUENCE_LIMIT; text++) {
    if (text[0] == '$' && text[1] == '<') {
      const char *end = strchr(text, '>');
      if (end == NULL) return;
      text = end;
      continue;
    }
    sequence[sequence_length++] = *text;
  }
}

void ct_crash_arm(void) {
  sequence_length = 0;
  if (ct.has_extras) {
    // The end of synchronised output, of all reports of the mouse, of bracketed paste and reports of the focus.
    add("\033[?2026l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?1004l\033[23;2t");
  }
  add(tigetstr("rmkx"));
  add(tigetstr("sgr0"));
  add(tigetstr("op"));
  add(tigetstr("cnorm"));
  const char *alternate = tigetstr("rmcup");
  bool has_alternate = alternate != NULL && alternate != (char *)-1 && alternate[0] != 0;
  // Without a second screen, what follows at least begins a line of its own.
  add(has_alternate ? alternate : "\r\n");
  atomic_store(&is_armed, true);
}

void ct_crash_disarm(void) { atomic_store(&is_armed, false); }

void ct_tty_restore(void) {
  if (!atomic_exchange(&is_armed, false)) return;
  ssize_t written = write(STDOUT_FILENO, sequence, sequence_length);
  (void)written;
  if (has_modes) tcsetattr(STDIN_FILENO, TCSANOW, &modes);
  if (ct.saved_error >= 0) dup2(ct.saved_error, STDERR_FILENO);
}

// Leaves the screen, then lets happen what would have happened without it, the report of a crash included.
static void on_crash(int number, siginfo_t *information, void *context) {
  (void)context;
  ct_tty_restore();
  for (int i = 0; i < CRASH_COUNT; i++) {
    if (crashes[i] == number) sigaction(number, &former[i], NULL);
  }
  // A fault comes again by itself when this returns; a signal that was sent does not.
  if (information == NULL || information->si_code <= 0) raise(number);
}

static void at_exit(void) { ct_tty_restore(); }

void ct_crash_install(void) {
  static bool has_exit_handler;
  if (!has_exit_handler) has_exit_handler = atexit(at_exit) == 0;
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE) != 0) {
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, NULL);
  }
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < CRASH_COUNT; i++) sigaction(crashes[i], &action, &former[i]);
}

void ct_crash_remove(void) {
  for (int i = 0; i < CRASH_COUNT; i++) sigaction(crashes[i], &former[i], NULL);
}
