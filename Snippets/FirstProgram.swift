// The program of the README.

import Spindle

/// The code of a worker: it runs on a thread of its own and talks by messages.
enum Primes: WorkerProgram {
    typealias Inbound = Range<Int>
    typealias Outbound = [Int]

    static func run(_ parent: WorkerScope<Primes>) async throws {
        for try await range in parent.messages {
            try await parent.send(range.filter(isPrime))
        }
    }
}

func isPrime(_ number: Int) -> Bool {
    guard number > 3 else { return number > 1 }
    return !stride(from: 2, through: Int(Double(number).squareRoot()), by: 1).contains { number % $0 == 0 }
}

// A worker: messages both ways, and an end that is certain.
let worker = try await Worker(Primes.self)
try await worker.send(2..<100)
worker.finishSending()
for try await primes in worker.messages { print("\(primes.count) primes below 100") }
print("the worker has \(try await worker.exit)")

// A pool: heavy work off the threads that serve users.
let pool = try await WorkerPool(.init(size: .cores, queueLimit: 1_000))
let count = try await pool.run(options: .init(priority: .high, timeout: .seconds(10))) {
    (2..<1_000_000).count(where: isPrime)
}
print("\(count) primes below a million")
await pool.close(deadline: .seconds(30))
