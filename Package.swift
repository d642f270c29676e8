// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
  name: "binnacle",
  products: [.executable(name: "binnacle", targets: ["binnacle"])],
  targets: [
    // C libraries: one folder each, one importer each.
    .systemLibrary(
      name: "CCurl",
      path: "Sources/C/CCurl",
      pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(
      name: "CCrypto",
      path: "Sources/C/CCrypto",
      pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]
    ),
    .systemLibrary(
      name: "CDeflate",
      path: "Sources/C/CDeflate",
      pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"])]
    ),
    .systemLibrary(
      name: "CMicroHTTPD",
      path: "Sources/C/CMicroHTTPD",
      pkgConfig: "libmicrohttpd",
      providers: [.apt(["libmicrohttpd-dev"])]
    ),
    // Compiled, not only linked: simdjson's interface is C++ templates. Its package is libsimdjson-dev.
    .target(
      name: "CSimdJSON",
      path: "Sources/C/CSimdJSON",
      linkerSettings: [.linkedLibrary("simdjson")]
    ),
    .systemLibrary(
      name: "CYAML",
      path: "Sources/C/CYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"])]
    ),
    .systemLibrary(
      name: "CZlib",
      path: "Sources/C/CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]
    ),

    // Compiled, since ncurses is macros and global variables; shows a few functions. Its package is libncurses-dev.
    .target(
      name: "CTerminal",
      path: "Sources/C/CTerminal",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]
    ),

    // Primitives: what could sit in the standard library.
    .target(
      name: "Primitives",
      dependencies: ["CCrypto", "CDeflate", "CSimdJSON", "CYAML", "CZlib"]
    ),
    .testTarget(name: "PrimitivesTests", dependencies: ["Primitives", "TestSupport"]),

    .target(name: "HTTP", dependencies: ["CCurl", "Primitives"]),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Primitives", "Sandbox", "TestSupport"]),

    .target(name: "Kubernetes", dependencies: ["HTTP", "Primitives"]),
    .testTarget(
      name: "KubernetesTests",
      dependencies: ["HTTP", "Kubernetes", "Primitives", "Sandbox", "TestSupport"],
      exclude: ["Fixtures"]
    ),

    .target(name: "ObjectStorage", dependencies: ["HTTP", "Primitives"]),
    .testTarget(
      name: "ObjectStorageTests",
      dependencies: ["ObjectStorage", "Primitives", "TestSupport"]
    ),

    .target(name: "Velero", dependencies: ["Primitives"]),
    .testTarget(
      name: "VeleroTests",
      dependencies: ["Primitives", "TestSupport", "Velero"],
      exclude: ["Golden"]
    ),

    .target(name: "Engine", dependencies: ["Kubernetes", "ObjectStorage", "Primitives", "Velero"]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "ArchiveFuzzing", "Engine", "HTTP", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox",
        "TestSupport", "Velero",
      ],
      exclude: ["Restore/Golden", "Restore/Preflight/Golden", "Workloads/Golden"]
    ),

    .target(name: "Terminal", dependencies: ["CTerminal", "Primitives"]),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["CTerminal", "Primitives", "Terminal", "terminal-probe", "TestSupport"],
      exclude: ["Golden"]
    ),
    // Shows what a terminal reports, for the tests that run it in a real one.
    .executableTarget(
      name: "terminal-probe",
      dependencies: ["Terminal"],
      path: "Tests/terminal-probe"
    ),

    .target(
      name: "Console",
      dependencies: [
        "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Terminal", "Velero",
      ]
    ),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
        "TestSupport", "Velero",
      ],
      exclude: [
        "Backups/Golden", "Explorer/Golden", "Filter/Golden", "Guide/Golden", "Object/Golden",
        "Operations/Golden", "Overview/Golden", "Places/Golden", "Restore/Golden",
      ]
    ),

    .target(
      name: "Commands",
      dependencies: [
        "Console", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
        "Velero",
      ]
    ),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Commands", "Console", "Engine", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
        "TestSupport", "Velero",
      ],
      exclude: ["Golden", "Transcripts"]
    ),

    .target(name: "Sandbox", dependencies: ["CMicroHTTPD", "Primitives"]),
    .testTarget(
      name: "SandboxTests",
      dependencies: ["Primitives", "Sandbox", "TestSupport"],
      exclude: ["Fixtures", "Golden"]
    ),

    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Console", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
        "Velero",
      ]
    ),

    .executableTarget(name: "binnacle", dependencies: ["Commands"]),

    // Reads damaged archives: a few in the tests, for a minute in `.ci/run`.
    .target(
      name: "ArchiveFuzzing",
      dependencies: ["Engine", "ObjectStorage", "Primitives", "Velero"],
      path: "Tests/ArchiveFuzzing"
    ),
    .executableTarget(
      name: "fuzz-archives",
      dependencies: ["ArchiveFuzzing", "TestSupport"],
      path: "Tests/fuzz-archives"
    ),

    // Shared by the tests, and tests that belong to no one target.
    .target(
      name: "TestSupport",
      dependencies: ["ObjectStorage", "Primitives", "Sandbox"],
      path: "Tests/TestSupport"
    ),
    .testTarget(
      name: "Scenarios",
      dependencies: [
        "binnacle", "Commands", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox",
        "TestSupport", "Velero",
      ],
      exclude: ["Golden"]
    ),
    .testTarget(name: "TidyTests", dependencies: ["TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

let compiledC: Set = ["CSimdJSON", "CTerminal"]
for target in package.targets where target.type != .system && !compiledC.contains(target.name) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
  ]
}
