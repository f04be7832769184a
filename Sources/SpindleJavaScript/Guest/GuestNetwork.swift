/// The way to the network that a guest is given. A library of its own has one, so that programs without need of it stay light:
/// `import SpindleJavaScriptNetwork`, and `policy.network = .sockets`.
public struct GuestNetwork: Sendable, Hashable, Codable {
    /// By which another process of the same program finds the type too.
    private let bindingsName: String

    package init(_ bindings: any GuestBindings.Type) { bindingsName = _mangledTypeName(bindings) ?? "" }

    var bindings: [String: @Sendable (Guest) -> GuestValue] {
        (_typeByName(bindingsName) as? any GuestBindings.Type)?.all ?? [:]
    }
}

/// Bindings from outside this target.
package protocol GuestBindings {
    /// By the names that built-ins ask for.
    static var all: [String: @Sendable (Guest) -> GuestValue] { get }
}

/// What such a binding keeps for one guest, on the guest's thread.
package protocol GuestCompanion: AnyObject {
    /// Nothing of the guest runs any more, and its engine is about to close.
    func guestEnds()
}

extension Guest {
    package func adopt(_ companion: some GuestCompanion) { companions[ObjectIdentifier(type(of: companion))] = companion }

    package func companion<Companion: GuestCompanion>(_ type: Companion.Type) -> Companion? {
        companions[ObjectIdentifier(type)] as? Companion
    }

    func endCompanions() {
        for companion in companions.values { companion.guestEnds() }
    }
}
