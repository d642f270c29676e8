// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdbool.h>
#include <stdint.h>

/// The version of ncurses that is linked.
const char *ct_version(void);
