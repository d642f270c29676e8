// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The flags that every command takes.
enum GlobalFlags {
  static let kubeconfig = Flag.text(
    "kubeconfig",
    placeholder: "FILE",
    completion: .files,
    "The kubeconfig; without it the files of $KUBECONFIG, then ~/.kube/config"
  )
  static let context = Flag.text(
    "context",
    aliases: ["kubecontext"],
    placeholder: "NAME",
    completion: .contexts,
    "The context of the kubeconfig; without it the current one"
  )
  static let namespace = Flag.text(
    "namespace",
    short: "n",
    placeholder: "NAMESPACE",
    completion: .namespaces,
    "The namespace that the records of backups name; without it $VELERO_NAMESPACE, then velero"
  )
  static let user = Flag.text(
    "as",
    placeholder: "USER",
    "Act as this user, as far as the cluster allows it"
  )
  static let groups = Flag.repeated(
    "as-group",
    placeholder: "GROUP",
    "Act as a member of this group; may be repeated"
  )
  static let requestTimeout = Flag.duration(
    "request-timeout",
    "Give up on a single request after this time; 0 never does"
  )
  static let store = Flag.text(
    "store",
    placeholder: "DIR",
    completion: .directories,
    "The directory that holds the backups, in place of a location"
  )
  static let location = Flag.text(
    "location",
    placeholder: "NAME",
    completion: .locations,
    "The location of the configuration that holds the backups; without it the default one"
  )
  static let noColor = Flag.truth("no-color", "Write no colours, as with $NO_COLOR")
  static let help = Flag.truth("help", short: "h", "Explain the command and do nothing")

  /// All of them, in the order of help.
  static let all: [FlagSpec] = [
    kubeconfig.spec, context.spec, namespace.spec, user.spec, groups.spec, requestTimeout.spec,
    store.spec, location.spec, noColor.spec, help.spec,
  ]

  /// The output format of commands that print objects.
  static let output = Flag.choice(
    "output",
    short: "o",
    ["table", "json", "yaml"],
    "How results are printed; table when not given"
  )
}

/// How results are printed.
enum OutputFormat: String, Sendable {
  /// For people: a table or paragraphs.
  case text = "table"
  /// JSON with two spaces a level.
  case json
  /// YAML.
  case yaml
}
