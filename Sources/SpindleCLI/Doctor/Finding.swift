/// One thing that ``DoctorCommand`` looked at.
struct Finding: Encodable, Equatable, Sendable {
    enum Status: String, Encodable, Sendable {
        case ok
        /// There, but less than one might expect.
        case limited
        case missing
    }

    let name: String
    let status: Status
    /// Whether workers on threads cannot do without it.
    let isRequired: Bool
    /// What was found.
    let value: String
    /// What it means and what to do; nil when all is well.
    let advice: String?

    static func ok(_ name: String, _ value: String, isRequired: Bool = false) -> Finding {
        Finding(name: name, status: .ok, isRequired: isRequired, value: value, advice: nil)
    }

    static func limited(_ name: String, _ value: String, _ advice: String, isRequired: Bool = false) -> Finding {
        Finding(name: name, status: .limited, isRequired: isRequired, value: value, advice: advice)
    }

    static func missing(_ name: String, _ value: String, _ advice: String, isRequired: Bool = false) -> Finding {
        Finding(name: name, status: .missing, isRequired: isRequired, value: value, advice: advice)
    }
}
