// SPDX-License-Identifier: Apache-2.0

/// Walks a directory store in the order of its keys, for one page.
///
/// Directories are visited in the order of their names with a `/` behind, which is the order of the keys in them.
struct DirectoryListing {
  private let tree: DirectoryTree
  private let request: ListRequest
  private var page = ListPage()
  private var last: String?
  private var isFull = false

  init(tree: DirectoryTree, request: ListRequest) {
    self.tree = tree
    self.request = request
  }

  /// The page that the request asks for.
  mutating func run() throws(SystemError) -> ListPage {
    let slash = request.prefix.lastIndex(of: "/")
    let start = slash.map { String(request.prefix[...$0]) } ?? ""
    try visit(directory: start, ancestors: [])
    page.next = isFull ? last : nil
    return page
  }

  /// Visits a directory, whose keys start with `directory`: empty, or with a `/` at its end.
  private mutating func visit(
    directory: String,
    ancestors: [FileStatus.Identity]
  ) throws(SystemError) {
    guard let status = try FileSystem.status(tree.path(directory)), status.kind == .directory,
      // A symbolic link that leads back up would be walked for ever.
      !ancestors.contains(status.identity)
    else { return }
    for child in try children(of: directory) {
      if isFull { return }
      if child.utf8.last == UInt8(ascii: "/") {
        try visit(child: child, ancestors: ancestors + [status.identity])
      } else if isWanted(child), let info = try info(child), hasRoom() {
        page.objects.append(info)
        last = child
      }
    }
  }

  private mutating func visit(
    child: String,
    ancestors: [FileStatus.Identity]
  ) throws(SystemError) {
    guard child.utf8.starts(with: request.prefix.utf8) else {
      if request.prefix.utf8.starts(with: child.utf8) {
        try visit(directory: child, ancestors: ancestors)
      }
      return
    }
    if request.delimiter == .slash {
      guard isBehind(child), try holdsObjects(child, ancestors: ancestors), hasRoom() else {
        return
      }
      page.prefixes.append(child)
      last = child
    } else if mayHoldKeysBehind(child) {
      try visit(directory: child, ancestors: ancestors)
    }
  }

  /// The keys of a directory's files and the prefixes of its directories, in order.
  private func children(of directory: String) throws(SystemError) -> [String] {
    var names: [String] = []
    for entry in try FileSystem.entries(tree.path(directory)) {
      guard !TemporaryFile.isName(entry.name) else { continue }
      let name = directory + entry.name
      names.append(try isDirectory(entry, name) ? name + "/" : name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func isDirectory(
    _ entry: FileSystem.Entry,
    _ name: String
  ) throws(SystemError) -> Bool {
    if let isDirectory = entry.isDirectory { return isDirectory }
    return try FileSystem.status(tree.path(name))?.kind == .directory
  }

  private func isWanted(_ key: String) -> Bool {
    key.utf8.starts(with: request.prefix.utf8) && isBehind(key)
      && key.utf8.count <= ObjectKey.limitBytes
  }

  private func isBehind(_ entry: String) -> Bool {
    request.after.map { $0.utf8.lexicographicallyPrecedes(entry.utf8) } ?? true
  }

  private func mayHoldKeysBehind(_ directory: String) -> Bool {
    isBehind(directory) || request.after?.utf8.starts(with: directory.utf8) == true
  }

  /// Whether the page takes one more entry; when not, there is a next page.
  private mutating func hasRoom() -> Bool {
    isFull = page.objects.count + page.prefixes.count >= request.limit
    return !isFull
  }

  private func info(_ key: String) throws(SystemError) -> ObjectInfo? {
    guard let status = try FileSystem.status(tree.path(key)), status.kind == .file else {
      return nil
    }
    return ObjectInfo(key: key, sizeBytes: status.sizeBytes, modified: status.modified)
  }

  /// Whether there is a file in a directory or below; a crash may leave directories without any.
  private func holdsObjects(
    _ directory: String,
    ancestors: [FileStatus.Identity]
  ) throws(SystemError) -> Bool {
    guard let status = try FileSystem.status(tree.path(directory)),
      !ancestors.contains(status.identity)
    else { return false }
    for child in try children(of: directory) {
      if child.utf8.last == UInt8(ascii: "/") {
        if try holdsObjects(child, ancestors: ancestors + [status.identity]) { return true }
      } else if try info(child) != nil {
        return true
      }
    }
    return false
  }
}
