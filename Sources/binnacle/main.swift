// SPDX-License-Identifier: Apache-2.0

internal import Commands
internal import Glibc

exit(await CommandLineTool.runProcess())
