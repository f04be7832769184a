/// A number that a ``SharedView`` can read and write: one for which every bit pattern is a
/// value, since another worker may have written any.
public protocol SharedElement: BitwiseCopyable, Sendable {}

extension Float: SharedElement {}
extension Double: SharedElement {}
