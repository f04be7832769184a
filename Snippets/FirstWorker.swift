//! The examples of the guide "Your first worker".
import Spindle

// snippet.program
/// Answers each range of numbers with the primes in it.
enum Primes: WorkerProgram {
    typealias Inbound = Range<Int>
    typealias Outbound = [Int]

    static func run(_ parent: WorkerScope<Primes>) async throws {
        for try await range in parent.messages {
            try await parent.send(range.filter(isPrime))
        }
    }

    static func isPrime(_ number: Int) -> Bool {
        number > 1 && (2..<number).prefix { $0 * $0 <= number }.allSatisfy { !number.isMultiple(of: $0) }
    }
}
// snippet.end

// snippet.owner
/// Counts primes on a thread that holds up nobody.
func countPrimes(below limit: Int) async throws -> Int {
    let worker = try await Worker(Primes.self)
    try await worker.send(0..<limit / 2)
    try await worker.send(limit / 2..<limit)
    worker.finishSending()

    var count = 0
    for try await primes in worker.messages { count += primes.count }
    return count
}
// snippet.end

// snippet.data
/// Finds the words with a prefix, in a list it was given at the start.
enum Search: WorkerProgram {
    typealias Inbound = String
    typealias Outbound = [String]
    typealias WorkerData = [String]

    static func run(_ parent: WorkerScope<Search>) async throws {
        guard !parent.workerData.isEmpty else { try parent.exit(66) }
        for try await prefix in parent.messages {
            try await parent.send(parent.workerData.filter { $0.hasPrefix(prefix) })
        }
    }
}

func startSearch(_ words: [String]) async throws -> Worker<Search> {
    try await Worker(Search.self, workerData: words, options: WorkerOptions(name: "search", inboxLimit: 64, nice: 5))
}
// snippet.end

// snippet.events
/// Follows a worker from its beginning to its end.
func follow(_ worker: Worker<Search>) async throws -> WorkerExit? {
    for try await event in worker.events {
        switch event {
        case .online: print("\(worker.name) has begun")
        case .message(let words): print(words)
        case .exit(let exit): return exit
        }
    }
    return nil
}
// snippet.end

// snippet.environment
extension EnvironmentData.Key where Value == String {
    static let region = Self("region")
}

func startInRegion(_ region: String, _ words: [String]) async throws -> Worker<Search> {
    EnvironmentData[.region] = region
    return try await startSearch(words)
}
// snippet.end

print(try await countPrimes(below: 100))
let search = try await startInRegion("north", ["spin", "spindle", "thread"])
try await search.send("spin")
search.finishSending()
print(try await follow(search).map { "\($0)" } ?? "no exit")
