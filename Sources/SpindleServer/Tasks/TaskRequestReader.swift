internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SpindleWorkloads
internal import SystemPackage

/// Turns a request's body and query into a task, or says what is wrong with it.
struct TaskRequestReader: Sendable {
    let uploads: UploadStore
    let directories: AllowedDirectories
    let limits: ServerLimits
    let isolation: TaskIsolation

    /// Up to 256 MiB a task: every worker may be at one.
    private static let logNRange = ScryptParameters.logNRange.lowerBound...18
    /// What a thread may take of the server's own memory, in MiB.
    private static let threadMebibytes = 64

    /// - Parameters:
    ///   - query: what is left of the query; read to its end here.
    ///   - body: the request's body, of which nothing has been read.
    func read(_ kind: TaskKind, _ request: Request, query: Fields, body: IncomingBody) async throws -> TaskRequest {
        switch Self.mediaType(request) {
        case "application/json" where kind.takesJSON:
            try query.finish()
            return try await read(kind, json(body))
        case nil where kind.takesJSON && (body.declared ?? 0) == 0 && request.headers[.transferEncoding] == nil:
            try query.finish()
            return try await read(kind, Fields([:]))
        case "application/octet-stream" where kind.takesFile, "text/csv" where kind == .csv:
            return try await readFile(kind, query, body)
        default:
            throw Self.unsupported(kind)
        }
    }

    // MARK: JSON

    private func json(_ body: IncomingBody) async throws -> Fields {
        let tooLarge = APIError.tooLarge(limit: limits.json, what: "JSON body")
        if let declared = body.declared, declared > limits.json { throw tooLarge }
        do {
            return try Fields(json: try await body.begin().collect(upTo: limits.json))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    private func read(_ kind: TaskKind, _ fields: Fields) async throws -> TaskRequest {
        var fields = fields
        switch kind {
        case .checksum:
            let path = try fields.string("directory", bytes: 1...4_096)
            let algorithm = try fields.choice("algorithm", default: ChecksumAlgorithm.both)
            try fields.finish()
            let root = try await directories.resolve(path)
            return TaskRequest(
                kind: kind, work: .checksum(.init(root: root.string, kind: .directory, algorithm: algorithm)),
                parameters: ["directory": .string(root.string), "algorithm": .string(algorithm.rawValue)])
        case .primes:
            let from = try fields.integer("from", in: 0...Primes.maximumBound, default: 0)
            let to = try fields.integer("to", in: 0...Primes.maximumBound)
            let last = try fields.integer("last", in: 0...Primes.maximumLast, default: 10)
            try fields.finish()
            guard from <= to, to - from < Primes.maximumWidth else {
                throw APIError.badRequest(
                    "invalid-parameter",
                    "'from' must not be greater than 'to', nor the range longer than \(Primes.maximumWidth) numbers.")
            }
            return TaskRequest(
                kind: kind, work: .primes(.init(from: from, to: to, last: last)),
                parameters: ["from": .number(Double(from)), "to": .number(Double(to)), "last": .number(Double(last))])
        case .passwordHash:
            let password = try fields.string("password", bytes: 1...PasswordHash.maximumPasswordLength)
            let logN = try fields.integer("logN", in: Self.logNRange, default: ScryptParameters().logN)
            try fields.finish()
            return TaskRequest(
                kind: kind, work: .passwordHash(.init(password: password, parameters: ScryptParameters(logN: logN))),
                parameters: ["logN": .number(Double(logN))])
        case .crash:
            let how = try fields.choice("how", default: Crash.How.trap)
            let code = how == .exit ? try fields.integer("code", in: 0...255, default: 1) : nil
            try fields.finish()
            guard isolation == .process else { throw needsProcess("A task of kind crash would end") }
            var parameters: [String: JSONValue] = ["how": .string(how.rawValue)]
            if let code { parameters["code"] = .number(Double(code)) }
            return TaskRequest(
                kind: kind, work: .crash(.init(how, exitCode: Int32(code ?? 0))), parameters: parameters)
        case .allocate:
            let mebibytes = try fields.integer("mebibytes", in: 1...Allocate.maximumMebibytes)
            try fields.finish()
            guard isolation == .process || mebibytes <= Self.threadMebibytes else {
                throw needsProcess("More than \(Self.threadMebibytes) MiB could end")
            }
            return TaskRequest(
                kind: kind, work: .allocate(.init(mebibytes: mebibytes)),
                parameters: ["mebibytes": .number(Double(mebibytes))])
        case .spin:
            try fields.finish()
            return TaskRequest(kind: kind, work: .spin(.init()), parameters: [:])
        case .csv:
            throw Self.unsupported(kind)
        }
    }

    private func needsProcess(_ danger: String) -> APIError {
        APIError(
            status: .forbidden, code: "needs-process-isolation",
            message: "\(danger) the whole server, because its tasks run on its own threads; "
                + "start it with 'spindle serve --isolation process', where it ends alone.")
    }

    // MARK: Files

    private func readFile(_ kind: TaskKind, _ query: Fields, _ body: IncomingBody) async throws -> TaskRequest {
        var query = query
        let name = try query.optionalString("name", bytes: 1...255) ?? "upload"
        let algorithm = kind == .checksum ? try query.choice("algorithm", default: ChecksumAlgorithm.both) : .both
        let hasHeader = kind == .csv ? try query.boolean("header", default: true) : true
        try query.finish()
        let upload = try await uploads.receive(body)
        var parameters: [String: JSONValue] = ["name": .string(name), "bytes": .number(Double(upload.size))]
        let work: TaskRequest.Work
        if kind == .checksum {
            parameters["algorithm"] = .string(algorithm.rawValue)
            work = .checksum(.init(root: upload.path.string, kind: .file, algorithm: algorithm, name: name))
        } else {
            parameters["header"] = .bool(hasHeader)
            work = .csv(.init(path: upload.path.string, hasHeader: hasHeader))
        }
        return TaskRequest(kind: kind, work: work, parameters: parameters, upload: upload)
    }

    private static func mediaType(_ request: Request) -> String? {
        request.headers[.contentType]?.split(separator: ";").first.map {
            $0.filter { !$0.isWhitespace }.lowercased()
        }
    }

    private static func unsupported(_ kind: TaskKind) -> APIError {
        let file = kind == .csv ? "the file as text/csv or application/octet-stream" : "a file as application/octet-stream"
        let forms = [kind.takesJSON ? "a JSON object as application/json" : nil, kind.takesFile ? file : nil].compactMap { $0 }
        return APIError(
            status: .unsupportedMediaType, code: "unsupported-media-type",
            message: "A task of kind \(kind.rawValue) takes \(forms.joined(separator: ", or ")); set Content-Type accordingly.")
    }
}
