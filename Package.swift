// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [.treatAllWarnings(as: .error)]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = [])
  -> Target
{
  .testTarget(
    name: name + "Tests", dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

// Who may import whom is fixed in docs/architecture.md; this list repeats it and nothing else.
let package = Package(
  name: "ebb",
  products: [
    .executable(name: "ebb", targets: ["ebb"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CLua", providers: [.apt(["liblua5.4-dev"])]),
    .target(
      name: "CLuaShim", dependencies: ["CLua"], cSettings: cSettings,
      linkerSettings: [.linkedLibrary(":liblua5.4.a"), .linkedLibrary("m")]),
    .target(name: "CProcess", cSettings: cSettings),
    .target(name: "CXLSX", cSettings: cSettings, linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CResources", exclude: ["generated"], cSettings: cSettings),
    room("JSON"),
    room("Redaction"),
    room("Reports", ["CXLSX", "JSON"]),
    room("Lua", ["CLuaShim", "JSON"]),
    room("Catalogue", ["JSON", "CResources", .product(name: "Crypto", package: "swift-crypto")]),
    room(
      "PandaPon",
      [
        "Catalogue", "JSON", "Redaction",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    room(
      "Journal",
      [
        "JSON",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room(
      "Playbooks",
      [
        "Lua", "PandaPon", "Catalogue", "Journal", "CResources", "JSON",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    room(
      "Channels",
      [
        "JSON", "Redaction",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    room("Scheduling"),
    room(
      "Workbench",
      ["Playbooks", "Marketplace", "Scheduling", "Journal", "PandaPon", "Catalogue", "Lua", "JSON", "Redaction"]),
    room(
      "Vault",
      [
        "JSON", "Redaction",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    room(
      "Workers",
      [
        "Playbooks", "Scheduling", "Journal", "JSON",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    room(
      "Marketplace",
      [
        "Catalogue", "JSON",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    room(
      "Console",
      [
        "PandaPon", "Catalogue", "JSON",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "catalogue-tool",
      dependencies: ["JSON", "Catalogue", .product(name: "Yams", package: "Yams")],
      path: "Tools/catalogue-tool",
      swiftSettings: settings),
    .executableTarget(
      name: "ebb",
      dependencies: [
        "JSON", "Redaction", "Catalogue", "Lua", "PandaPon", "Journal", "Playbooks", "Scheduling", "Workers",
        "Channels", "Console", "Marketplace", "Vault", "Workbench", "CProcess", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "crash-test",
      dependencies: [
        "JSON", "Redaction", "Catalogue", "PandaPon", "Journal", "Playbooks", "Marketplace", "ebb",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Tools/crash-test",
      swiftSettings: settings),
    .target(
      name: "SimulatedYear", dependencies: ["Workers", "Playbooks", "Journal", "JSON"], path: "Tools/simulated-year",
      swiftSettings: settings),
    .executableTarget(
      name: "bench",
      dependencies: [
        "CLua", "Lua", "JSON", "Redaction", "Catalogue", "PandaPon", "Journal", "Playbooks", "Scheduling", "Workers",
        "SimulatedYear",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Benchmarks",
      exclude: ["peers", "run"],
      swiftSettings: settings),
    // What several test targets need.
    .target(
      name: "RawPeer",
      dependencies: [
        "JSON",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/RawPeer", swiftSettings: settings),
    tests(
      "Channels",
      [
        "Channels", "JSON", "Redaction", "RawPeer",
      ]),
    tests("CatalogueTool", ["catalogue-tool", "Catalogue", "JSON"]),
    tests("JSON", ["JSON"]),
    tests("Reports", ["Reports", "JSON"]),
    tests("Workbench", ["Workbench", "Marketplace", "Catalogue", "JSON"]),
    tests("Redaction", ["Redaction"]),
    tests("Scheduling", ["Scheduling"]),
    tests(
      "Vault",
      [
        "Vault", "JSON", "Redaction",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      exclude: ["independent"]),
    tests("Lua", ["Lua", "CLuaShim", "JSON"], exclude: ["Hostile"]),
    tests("Catalogue", ["Catalogue", "JSON"], exclude: ["Fixtures"]),
    tests(
      "PandaPon",
      [
        "PandaPon", "Catalogue", "JSON", "Marketplace", "Redaction",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      "Journal", ["Journal", "JSON", .product(name: "GRDB", package: "GRDB.swift")], exclude: ["SQLite/Fixtures"]),
    tests(
      "Playbooks",
      ["Playbooks", "Lua", "PandaPon", "Catalogue", "Journal", "Marketplace", "Workbench", "JSON", "Redaction"]),
    tests(
      "Workers",
      [
        "Workers", "SimulatedYear", "Playbooks", "Scheduling", "Journal", "JSON",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "Console",
      [
        "Console", "PandaPon", "Catalogue", "JSON", "Marketplace", "Redaction", "RawPeer",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    tests(
      "Marketplace",
      [
        "Marketplace", "Catalogue", "JSON",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    tests(
      "Ebb",
      [
        "ebb", "Catalogue", "Journal", "PandaPon", "Playbooks", "JSON", "RawPeer", "Redaction", "Vault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      exclude: ["Help"]),
  ],
  cLanguageStandard: .gnu2x
)
