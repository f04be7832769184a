// `import Spindle` is all that most programs need.
@_exported public import SpindleCore
@_exported public import SpindleMemory
@_exported public import SpindleMessaging
