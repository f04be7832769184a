import Foundation
import Synchronization
import Testing

@testable import SpindleWorkloads

@Suite struct ChecksumTests {
    // As printed by sha256sum and sha512sum (GNU coreutils).
    static let known: [(content: String, sha256: String, sha512: String)] = [
        (
            "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        ),
        (
            "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ]

    @Test(arguments: known)
    func `the sums of known strings are those that sha256sum and sha512sum print`(
        content: String, sha256: String, sha512: String
    ) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(content, to: "file.txt")
        let file = try ChecksumFile.compute(.init(root: path, path: nil)) { _ in }
        #expect(file == FileChecksum(path: "file.txt", size: content.utf8.count, sha256: sha256, sha512: sha512))
    }

    @Test func `a file of several chunks is summed over all of them, and every chunk is reported`() throws {
        let directory = try TemporaryDirectory()
        // head -c 3000000 /dev/zero | sha256sum
        let path = try directory.write([UInt8](repeating: 0, count: 3_000_000), to: "zeros")
        var completed: [Int] = []
        let file = try ChecksumFile.compute(.init(root: path, path: nil, algorithm: .sha256)) {
            #expect($0.total == 3_000_000)
            completed.append($0.completed)
        }
        #expect(file.sha256 == "35bce4eae54ec8e6cc2868baa8d157914d6ae2858811b4cc0c078c94460fa26f")
        #expect(file.sha512 == nil)
        #expect(completed == [1 << 20, 2 << 20, 3_000_000])
    }

    @Test func `a directory's files come in the byte order of their paths, with links and pipes counted and not read`() throws {
        let directory = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        try outside.write("secret", to: "secret")
        for name in ["b", "a/z", "a/ä", "A", "a.txt"] { try directory.write("abc", to: name) }
        try directory.link("file-link", to: outside.path + "/secret")
        try directory.link("directory-link", to: outside.path)
        try directory.link("loop", to: ".")
        #expect(mkfifo(directory.path + "/pipe", 0o600) == 0)

        var last: WorkProgress?
        let report = try Checksum.compute(.init(root: directory.path, kind: .directory)) { last = $0 }
        #expect(report.files.map(\.path) == ["A", "a.txt", "a/z", "a/ä", "b"])
        #expect(report.files.allSatisfy { $0.sha256 == Self.known[1].sha256 })
        #expect(report.failures.isEmpty)
        #expect(report.skippedLinks == 3)
        #expect(report.skippedSpecials == 1)
        #expect(last == WorkProgress(.bytes, completed: 15, total: 15, filesCompleted: 5))
    }

    @Test func `a file that vanishes after the listing is a failure beside the sums of the others`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("abc", to: "stays")
        try directory.write("abc", to: "vanishes")
        let listing = try DirectoryListing(root: directory.path)
        try directory.remove("vanishes")
        let report = try Checksum.computeAll(listing, .init(root: directory.path, kind: .directory)) { _ in }
        #expect(report.files.map(\.path) == ["stays"])
        #expect(report.failures.map(\.path) == ["vanishes"])
        #expect(report.failures.first?.reason.contains("no such file") == true)
    }

    @Test func `a file or directory that becomes a link after the listing is refused`() throws {
        let directory = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        try outside.write("secret", to: "file")
        try directory.write("abc", to: "file")
        try directory.write("abc", to: "sub/file")
        let listing = try DirectoryListing(root: directory.path)
        try directory.remove("file")
        try directory.remove("sub")
        try directory.link("file", to: outside.path + "/file")
        try directory.link("sub", to: outside.path)
        let report = try Checksum.computeAll(listing, .init(root: directory.path, kind: .directory)) { _ in }
        #expect(report.files.isEmpty)
        #expect(report.failures.map(\.path) == ["file", "sub/file"])
    }

    @Test func `a path cannot climb out of its root`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("abc", to: "inside/file")
        try directory.write("abc", to: "secret")
        for path in ["../secret", "../inside/file", directory.path + "/secret", "file\u{0}"] {
            let error = #expect(throws: WorkloadError.self) {
                try ChecksumFile.compute(.init(root: directory.path + "/inside", path: path)) { _ in }
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test func `a name that is not UTF-8 is a failure that says so`() throws {
        let directory = try TemporaryDirectory()
        let name = Array(directory.path.utf8).map { CChar(bitPattern: $0) } + [0x2F, CChar(bitPattern: 0xFF), 0]
        let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
        #expect(descriptor >= 0)
        close(descriptor)
        let report = try Checksum.compute(.init(root: directory.path, kind: .directory)) { _ in }
        #expect(report.files.isEmpty)
        #expect(report.failures.first?.reason.contains("UTF-8") == true)
    }

    @Test func `a root that is missing, or is not what was said, is an error that says what to do`() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("abc", to: "file")
        for input in [
            Checksum.Input(root: directory.path + "/none", kind: .file),
            Checksum.Input(root: directory.path + "/none", kind: .directory),
            Checksum.Input(root: directory.path, kind: .file),
            Checksum.Input(root: file, kind: .directory),
        ] {
            let error = #expect(throws: WorkloadError.self) { try Checksum.compute(input) { _ in } }
            #expect(error?.code == .unreadable)
        }
    }

    @Test func `a listing of more files than its limit is an error`() throws {
        let directory = try TemporaryDirectory()
        for index in 0..<4 { try directory.write("", to: "\(index)") }
        #expect(try DirectoryListing(root: directory.path, maximumFileCount: 4).files.count == 4)
        let error = #expect(throws: WorkloadError.self) {
            try DirectoryListing(root: directory.path, maximumFileCount: 3)
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test func `a directory tree deeper than a path may be long is listed and summed`() throws {
        let directory = try TemporaryDirectory()
        // 30 levels of 200 bytes are more than PATH_MAX.
        var descriptor = open(directory.path, O_RDONLY | O_DIRECTORY)
        let name = String(repeating: "d", count: 200)
        for _ in 0..<30 {
            #expect(mkdirat(descriptor, name, 0o700) == 0)
            let next = openat(descriptor, name, O_RDONLY | O_DIRECTORY)
            close(descriptor)
            descriptor = next
        }
        let file = openat(descriptor, "file", O_CREAT | O_WRONLY, 0o600)
        #expect(file >= 0)
        close(file)
        close(descriptor)
        let report = try Checksum.compute(.init(root: directory.path, kind: .directory)) { _ in }
        #expect(report.files.map(\.sha256) == [Self.known[0].sha256])
        #expect(report.files.first?.path.utf8.count == 30 * 201 + 4)
    }

    @Test func `cancellation ends a file between two chunks`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write([UInt8](repeating: 0, count: 3 << 20), to: "zeros")
        let chunks = Mutex(0)
        let task = Task {
            try ChecksumFile.compute(.init(root: path, path: nil)) { _ in
                chunks.withLock { $0 += 1 }
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(chunks.withLock { $0 } == 1)
    }
}
