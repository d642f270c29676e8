// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>

/// Called with the raw request line target when a request begins; returns the request's context.
typedef void *(*binnacle_mhd_begin)(void *server, const char *target,
                                    struct MHD_Connection *connection);

/// Called with the parts of a request; see MHD_AccessHandlerCallback.
typedef enum MHD_Result (*binnacle_mhd_access)(void *server, struct MHD_Connection *connection,
                                               const char *url, const char *method,
                                               const char *version, const char *upload,
                                               size_t *upload_size, void **context);

/// Called when a request is over; see MHD_RequestCompletedCallback.
typedef void (*binnacle_mhd_end)(void *server, struct MHD_Connection *connection, void **context,
                                 enum MHD_RequestTerminationCode reason);

/// Starts a server with a thread for each connection on 127.0.0.1. `certificate` and `key` are PEM text for
/// HTTPS and are both null for HTTP. Returns null when the port is taken or a certificate cannot be read.
static inline struct MHD_Daemon *binnacle_mhd_start(uint16_t port, const char *certificate,
                                                    const char *key, binnacle_mhd_begin begin,
                                                    binnacle_mhd_access access,
                                                    binnacle_mhd_end end, void *server) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  unsigned int flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                       MHD_USE_POLL | MHD_USE_ITC;
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
      {MHD_OPTION_END, 0, NULL},
  };
  struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
  if (certificate != NULL) flags |= MHD_USE_TLS;
  return MHD_start_daemon(flags, port, NULL, NULL, access, server,
                          MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                          MHD_OPTION_URI_LOG_CALLBACK, begin, server,
                          MHD_OPTION_NOTIFY_COMPLETED, end, server,
                          MHD_OPTION_CONNECTION_LIMIT, (unsigned int)4096,
                          MHD_OPTION_ARRAY, certificate != NULL ? tls : none, MHD_OPTION_END);
}

/// The port that a server listens on.
static inline uint16_t binnacle_mhd_port(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

/// The socket of a connection, or -1.
static inline int binnacle_mhd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : info->connect_fd;
}

static inline ssize_t binnacle_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t binnacle_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline uint64_t binnacle_mhd_size_unknown(void) { return MHD_SIZE_UNKNOWN; }
static inline enum MHD_Result binnacle_mhd_yes(void) { return MHD_YES; }
static inline enum MHD_Result binnacle_mhd_no(void) { return MHD_NO; }

/// Calls `each` with every header of a request.
static inline void binnacle_mhd_headers(struct MHD_Connection *connection,
                                        MHD_KeyValueIterator each, void *context) {
  MHD_get_connection_values(connection, MHD_HEADER_KIND, each, context);
}

/// Whether the peer of a socket has closed its end.
static inline int binnacle_is_hung_up(int socket) {
  // POLLRDHUP, which the header only shows with _GNU_SOURCE; defining that here would change the types of
  // other modules.
  const short peer_closed = 0x2000;
  struct pollfd state = {socket, peer_closed, 0};
  return poll(&state, 1, 0) > 0 && (state.revents & (peer_closed | POLLHUP | POLLERR)) != 0;
}
