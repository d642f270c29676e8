// SPDX-License-Identifier: Apache-2.0

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { SIGNAL_COUNT = 6 };
static const int signals[SIGNAL_COUNT] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
static struct sigaction former[SIGNAL_COUNT];

// Any thread may run this: one write, and errno as it was.
static void on_signal(int number) {
  int error = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe says enough already.
  ssize_t written = write(ct.signal_writer, &byte, 1);
  (void)written;
  errno = error;
}

bool ct_signals_install(void) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  ct.signal_reader = ends[0];
  ct.signal_writer = ends[1];
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(signals[i], &action, &former[i]);
  return true;
}

void ct_signals_remove(void) {
  for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(signals[i], &former[i], NULL);
  close(ct.signal_reader);
  close(ct.signal_writer);
  ct.signal_reader = ct.signal_writer = -1;
}

bool ct_next_signal(struct ct_event *event) {
  unsigned char byte;
  if (ct.signal_reader < 0 || read(ct.signal_reader, &byte, 1) != 1) return false;
  switch (byte) {
    case SIGWINCH: event->kind = CT_RESIZED; return true;
    case SIGTSTP: event->kind = CT_STOPPING; return true;
    case SIGCONT: event->kind = CT_CONTINUED; return true;
    default: event->kind = CT_HANGUP; return true;
  }
}
