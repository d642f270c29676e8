// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension ObjectStoreError {
  /// What a failed system call of the directory store means.
  ///
  /// Source of the numbers: errno(3) and the pages of open, write, rename, link and fsync in section 2.
  ///
  /// - Parameters:
  ///   - error: The failed call.
  ///   - action: What could not be done, such as `put 'a/b'`.
  ///   - store: What messages call the store.
  init(_ error: SystemError, _ action: String, _ store: String) {
    let reason = String(cString: strerror(error.number))
    let meaning = Self.meaning(error.number)
    self.init(
      code: meaning.code,
      message: "cannot \(action) in \(store): \(Self.lowerCased(reason))",
      hint: meaning.hint,
      cause: error
    )
  }

  private static func meaning(_ number: Int32) -> (code: Code, hint: String?) {
    switch number {
    case ENOSPC: (.noSpace, "free space on its file system, or use another location")
    case EDQUOT: (.noSpace, "the quota is used up; remove files or ask for more")
    case EFBIG: (.tooLarge, "the file system or the limit of `ulimit -f` allows no file this large")
    case EROFS: (.readOnly, "its file system is mounted read-only; mount it for writing")
    case EACCES, EPERM:
      (
        .denied,
        "check who owns the directory and its mode; `ls -ld` on each part of the path helps"
      )
    case ENOENT: (.notFound, nil)
    case EEXIST: (.alreadyExists, nil)
    case EISDIR, ENOTEMPTY:
      (.conflict, "a directory is where the file would be; keys below that directory are in use")
    case ENOTDIR:
      (.conflict, "a file is where a directory would be; move the file or use another location")
    case ELOOP: (.conflict, "symbolic links go round in a circle")
    case ENAMETOOLONG:
      (.invalidKey, "a file system takes names of at most 255 bytes between two '/'")
    case EINVAL, EILSEQ: (.invalidKey, "the file system takes no such name")
    case EMFILE, ENFILE: (.unavailable, "too many files are open; raise the limit of `ulimit -n`")
    case EIO: (.unavailable, "the disk reports a fault; look into the kernel's log with `dmesg`")
    case ESTALE: (.unavailable, "the network file system lost the directory; mount it again")
    default: (.unavailable, nil)
    }
  }

  /// Libc's texts begin with a capital; those of this project do not.
  private static func lowerCased(_ text: String) -> String {
    text.prefix(1).lowercased() + text.dropFirst()
  }
}
