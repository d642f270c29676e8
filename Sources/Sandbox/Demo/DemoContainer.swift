// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// An environment variable of a container.
struct DemoVariable {
  let json: JSONValue

  static func value(_ name: String, _ value: String) -> DemoVariable {
    DemoVariable(json: ["name": .string(name), "value": .string(value)])
  }

  static func secret(_ name: String, _ secret: String, _ key: String) -> DemoVariable {
    from(name, ["secretKeyRef": ["name": .string(secret), "key": .string(key)]])
  }

  static func config(_ name: String, _ configMap: String, _ key: String) -> DemoVariable {
    from(name, ["configMapKeyRef": ["name": .string(configMap), "key": .string(key)]])
  }

  static func field(_ name: String, _ path: String) -> DemoVariable {
    from(name, ["fieldRef": ["apiVersion": "v1", "fieldPath": .string(path)]])
  }

  private static func from(_ name: String, _ source: JSONValue) -> DemoVariable {
    DemoVariable(json: ["name": .string(name), "valueFrom": source])
  }
}

/// A volume of a pod.
struct DemoVolume {
  let name: String
  let json: JSONValue

  static func configMap(_ name: String, _ configMap: String) -> DemoVolume {
    volume(name, "configMap", ["name": .string(configMap), "defaultMode": 420])
  }

  static func secret(_ name: String, _ secret: String) -> DemoVolume {
    volume(name, "secret", ["secretName": .string(secret), "defaultMode": 420])
  }

  static func claim(_ name: String, _ claim: String) -> DemoVolume {
    volume(name, "persistentVolumeClaim", ["claimName": .string(claim)])
  }

  static func empty(_ name: String) -> DemoVolume { volume(name, "emptyDir", [:]) }

  static func host(_ name: String, _ path: String) -> DemoVolume {
    volume(name, "hostPath", ["path": .string(path), "type": ""])
  }

  private static func volume(_ name: String, _ kind: String, _ source: JSONValue) -> DemoVolume {
    var json: JSONValue = ["name": .string(name)]
    json[kind] = source
    return DemoVolume(name: name, json: json)
  }
}

/// A container of a pod, before the API server has filled in its defaults.
struct DemoContainer {
  var name: String
  var image: String
  var command: [String] = []
  var arguments: [String] = []
  /// Port names with their numbers.
  var ports: KeyValuePairs<String, Int> = [:]
  var environment: [DemoVariable] = []
  var cpu = "100m"
  var memory = "128Mi"
  /// Volume names with the paths they are mounted at.
  var mounts: KeyValuePairs<String, String> = [:]
  /// The path that answers 200 when the container is well; nil for no probes.
  var probePath: String?
  var isPrivileged = false

  /// The container as a pod's specification holds it, defaults filled in.
  var json: JSONValue {
    var value: JSONValue = ["name": .string(name), "image": .string(image)]
    if !command.isEmpty { value["command"] = .strings(command) }
    if !arguments.isEmpty { value["args"] = .strings(arguments) }
    if !ports.isEmpty {
      value["ports"] = .array(
        ports.map { ["name": .string($0), "containerPort": .int($1), "protocol": "TCP"] }
      )
    }
    if !environment.isEmpty { value["env"] = .array(environment.map(\.json)) }
    value["resources"] = [
      "limits": ["memory": .string(memory)],
      "requests": ["cpu": .string(cpu), "memory": .string(memory)],
    ]
    if !mounts.isEmpty {
      value["volumeMounts"] = .array(
        mounts.map { ["name": .string($0), "mountPath": .string($1)] }
      )
    }
    if let probePath {
      value["livenessProbe"] = Self.probe(probePath, delaySeconds: 15, failures: 5)
      value["readinessProbe"] = Self.probe(probePath, delaySeconds: 3, failures: 3)
    }
    value["terminationMessagePath"] = "/dev/termination-log"
    value["terminationMessagePolicy"] = "File"
    value["imagePullPolicy"] = "IfNotPresent"
    value["securityContext"] = isPrivileged ? ["privileged": true] : Self.restricted
    return value
  }

  private static let restricted: JSONValue = [
    "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
    "readOnlyRootFilesystem": true,
  ]

  private static func probe(_ path: String, delaySeconds: Int, failures: Int) -> JSONValue {
    [
      "httpGet": ["path": .string(path), "port": "http", "scheme": "HTTP"],
      "initialDelaySeconds": .int(delaySeconds), "timeoutSeconds": 1, "periodSeconds": 10,
      "successThreshold": 1, "failureThreshold": .int(failures),
    ]
  }
}
