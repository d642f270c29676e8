// SPDX-License-Identifier: Apache-2.0

extension Kubeconfig {
  /// Reads the file that the overrides name, else those of `KUBECONFIG`, else `~/.kube/config`.
  ///
  /// Files of a list that do not exist are left out and reported in `missingFiles`; a file that the
  /// overrides name has to exist.
  ///
  /// - Returns: What the files say together; without any file a kubeconfig that says nothing.
  /// - Throws: `.configuration` for a file that cannot be read or is broken.
  public static func load(
    overrides: KubeconfigOverrides = KubeconfigOverrides(),
    environment: ProcessEnvironment
  ) throws(KubernetesError) -> Kubeconfig {
    if let path = overrides.kubeconfig {
      do {
        return try Kubeconfig(reading: try LocalFile.read(path), file: path)
      } catch let failure as LocalFile.Failure {
        throw unreadable(failure, hint: "check the path given with --kubeconfig")
      } catch let error as KubernetesError {
        throw error
      } catch {
        throw .wrapping(error, doing: "cannot read the kubeconfig '\(path)'")
      }
    }
    var merged = Kubeconfig()
    for path in paths(environment) {
      guard let bytes = try readIfPresent(path) else {
        merged.missingFiles.append(path)
        continue
      }
      merged.merge(try Kubeconfig(reading: bytes, file: path))
    }
    return merged
  }

  /// The files that `load` reads.
  public static func paths(
    overrides: KubeconfigOverrides,
    environment: ProcessEnvironment
  ) -> [String] {
    overrides.kubeconfig.map { [$0] } ?? paths(environment)
  }

  /// The files that are looked at when no flag names one.
  static func paths(_ environment: ProcessEnvironment) -> [String] {
    if let list = environment["KUBECONFIG"] {
      var paths: [String] = []
      for path in list.split(separator: ":").map(String.init) where !paths.contains(path) {
        paths.append(path)
      }
      return paths
    }
    return environment["HOME"].map { ["\($0)/.kube/config"] } ?? []
  }

  private static func readIfPresent(_ path: String) throws(KubernetesError) -> [UInt8]? {
    do {
      return try LocalFile.read(path)
    } catch {
      if error.isMissing { return nil }
      throw unreadable(
        error,
        hint: "check the file's permissions, or name another with --kubeconfig"
      )
    }
  }

  private static func unreadable(_ failure: LocalFile.Failure, hint: String) -> KubernetesError {
    KubernetesError(
      code: .configuration,
      message: "cannot read the kubeconfig '\(failure.path)': \(failure.text)",
      hint: hint
    )
  }
}
