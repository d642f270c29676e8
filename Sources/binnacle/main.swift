// SPDX-License-Identifier: Apache-2.0

internal import Commands
internal import Glibc

CommandLineTool.restartForConsole()
// Not `exit`: OpenSSL's exit handler would free what the thread of a connection that is just being closed still uses.
_exit(await CommandLineTool.runProcess())
