// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "script-server",
    dependencies: [
        .package(name: "spindle", path: "../.."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    ],
    targets: [
        .target(
            name: "ScriptServer",
            dependencies: [
                .product(name: "Spindle", package: "spindle"),
                .product(name: "SpindleJavaScript", package: "spindle"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: settings),
        .executableTarget(name: "script-server", dependencies: ["ScriptServer"], swiftSettings: settings),
        .testTarget(
            name: "ScriptServerTests",
            dependencies: ["ScriptServer", .product(name: "HummingbirdTesting", package: "hummingbird")],
            swiftSettings: settings),
    ]
)
