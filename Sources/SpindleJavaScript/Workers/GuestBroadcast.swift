internal import SpindleMemory

/// The broadcast channels of the process: which ports listen under a name.
enum GuestBroadcast {
    private static let members = Lock<[String: [ObjectIdentifier: GuestPort]]>([:])

    /// A port that receives what the others of this name send, until it is closed.
    static func join(_ name: String) -> GuestPort {
        let port = GuestPort(broadcastName: name)
        members.withLock { $0[name, default: [:]][ObjectIdentifier(port)] = port }
        return port
    }

    static func leave(_ name: String, _ port: GuestPort) {
        members.withLock { members in
            members[name]?[ObjectIdentifier(port)] = nil
            if members[name]?.isEmpty == true { members[name] = nil }
        }
    }

    /// Gives a copy to each port of the name except the sender.
    static func send(_ message: GuestMessage, to name: String, from sender: GuestPort) {
        let receivers = members.withLock { $0[name]?.values.filter { $0 !== sender } ?? [] }
        for receiver in receivers { receiver.deliver(message.copy()) }
    }
}
