// SPDX-License-Identifier: Apache-2.0

internal import Glibc

// Not `exit`, for the reason that stands in the program's own main.swift.
_exit(await BenchmarkTool.main())
