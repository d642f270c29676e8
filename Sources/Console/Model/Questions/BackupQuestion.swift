// SPDX-License-Identifier: Apache-2.0

/// What may be asked about what is in stores.
public enum BackupQuestion: Sendable {}

/// What is answered about what is in stores.
public enum BackupAnswer: Sendable {}
