// swift-tools-version: 6.2
import PackageDescription

/// `SPINDLE_STRICT=1` turns warnings into errors, in the targets of this package alone; `make lint` sets it.
/// A package that depends on this one never sees it: a newer compiler's warning must not break its build.
let isStrict = Context.environment["SPINDLE_STRICT"] == "1"

/// `SPINDLE_LIBRARIES_ONLY=1` leaves the server and the command out, which `make sanitize` need not compile.
let isLibrariesOnly = Context.environment["SPINDLE_LIBRARIES_ONLY"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        // An async call stays on its caller's executor: no hop per message.
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

/// A Swift target of this package: one place for the settings that all share.
func target(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "spindle",
    products: [
        .library(name: "Spindle", targets: ["Spindle"]),
        .library(name: "SpindleMessaging", targets: ["SpindleMessaging"]),
        .library(name: "SpindleMemory", targets: ["SpindleMemory"]),
        .library(name: "SpindleStructuredClone", targets: ["SpindleStructuredClone"]),
        .library(name: "SpindleCore", targets: ["SpindleCore"]),
        .library(name: "SpindleJavaScript", targets: ["SpindleJavaScript"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-service-context", from: "1.5.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .target(name: "CSpindle", cSettings: isStrict ? [.treatAllWarnings(as: .error)] : []),
        target(
            "SpindleCore",
            [
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]),
        target("SpindleStructuredClone", []),
        target("SpindleMemory", ["CSpindle", "SpindleCore"]),
        target("SpindleResolution", []),
        target("SpindleSyntax", []),
        target(
            "SpindleMessaging",
            [
                "CSpindle", "SpindleCore", "SpindleMemory",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        target(
            "Spindle",
            [
                "CSpindle", "SpindleCore", "SpindleMemory", "SpindleMessaging",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceContextModule", package: "swift-service-context"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .systemLibrary(
            name: "CJavaScriptCore", pkgConfig: "javascriptcoregtk-4.1",
            providers: [.apt(["libjavascriptcoregtk-4.1-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "SpindleScripts", exclude: ["README.md", "internal", "node", "spindle", "spindle.js"],
            cSettings: isStrict ? [.treatAllWarnings(as: .error)] : []),
        target(
            "SpindleJavaScript",
            [
                "CJavaScriptCore", "CSpindle", "CZlib", "Spindle", "SpindleCore", "SpindleMemory", "SpindleMessaging", "SpindleResolution",
                "SpindleScripts", "SpindleStructuredClone", "SpindleSyntax",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "TestSupport", dependencies: ["SpindleMemory", "SpindleMessaging"], path: "Tests/TestSupport",
            swiftSettings: settings),
        // A program for tests to kill: never the tests themselves, which would run once more in it.
        .executableTarget(
            name: "KillableOwner", dependencies: ["Spindle"], path: "Tests/KillableOwner", swiftSettings: settings),
        tests("SpindleCore", ["SpindleCore", "TestSupport", .product(name: "DequeModule", package: "swift-collections")]),
        tests("SpindleResolution", ["SpindleResolution"]),
        tests("SpindleSyntax", ["SpindleSyntax"]),
        tests(
            "SpindleMemory",
            [
                "SpindleCore", "SpindleMemory", "SpindleMessaging", "TestSupport",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        tests("SpindleStructuredClone", ["SpindleStructuredClone"]),
        tests("SpindleMessaging", ["CSpindle", "SpindleCore", "SpindleMemory", "SpindleMessaging", "TestSupport"]),
        tests(
            "Spindle",
            [
                "CSpindle", "Spindle", "TestSupport",
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceContextModule", package: "swift-service-context"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "SpindleJavaScriptTests",
            dependencies: [
                "Spindle", "SpindleJavaScript", "SpindleScripts", "SpindleStructuredClone", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Guest", "Programs"], swiftSettings: settings),
    ]
)

// MARK: The server and the command

if !isLibrariesOnly {
    package.products.append(.executable(name: "spindle", targets: ["SpindleCLI"]))

    package.dependencies += [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    ]

    let page = ["index.html", "style.css", "icon.svg", "app.js", "charts.js", "dom.js", "forms.js", "status.js", "tasks.js"]

    package.targets += [
        target(
            "SpindleWorkloads",
            [
                "Spindle",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        target(
            "SpindleServer",
            [
                "Spindle", "SpindleCore", "SpindleWorkloads",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "_NIOFileSystem", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: page.map { .embedInCode("Page/\($0)") }),
        .executableTarget(
            name: "SpindleCLI",
            dependencies: [
                "CSpindle", "Spindle", "SpindleJavaScript", "SpindleServer", "SpindleWorkloads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        tests("SpindleWorkloads", ["Spindle", "SpindleWorkloads"]),
        tests(
            "SpindleServer",
            [
                "Spindle", "SpindleCore", "SpindleServer", "SpindleWorkloads",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests(
            "SpindleCLI",
            [
                "SpindleCLI", "SpindleServer", "SpindleWorkloads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ]
}
