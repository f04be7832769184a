import Foundation
import Testing

@testable import Transcode

private let hasFFmpeg = ["ffmpeg", "ffprobe"].allSatisfy { program in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
}

@Suite(.serialized, .enabled(if: hasFFmpeg, "ffmpeg is not installed; the example needs it, the package does not"))
struct `Transcoding with ffmpeg` {
    private let folder = NSTemporaryDirectory() + "spindle-transcode-\(getpid())"
    private var transcoder: Transcoder { Transcoder(codec: "mpeg4") }

    private func withClip(seconds: Int, _ body: (String, String) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clip = folder + "/clip.mkv"
        try await transcoder.makeClip(clip, seconds: seconds)
        try await body(clip, folder + "/clip.mp4")
    }

    private var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    @Test func `a clip is transcoded, with progress that rises to the end`() async throws {
        try await withClip(seconds: 5) { clip, target in
            var seen: [Double] = []
            try await transcoder.transcode(clip, to: target) { seen.append($0) }
            #expect(seen == seen.sorted())
            #expect(seen.last == 1)
            #expect(try await abs(transcoder.duration(of: target) - 5) < 0.5)
            #expect(files == ["clip.mkv", "clip.mp4"])
        }
    }

    @Test func `cancelling kills it at once and leaves no part of a file`() async throws {
        try await withClip(seconds: 60) { clip, target in
            // Slow enough to be under way for long: many frames, encoded with care.
            let transcoder = Transcoder(codec: "mpeg2video")
            let (reports, report) = AsyncStream<Double>.makeStream()
            let task = Task { try await transcoder.transcode(clip, to: target) { report.yield($0) } }
            for await _ in reports { break }
            #expect(files.contains { $0.contains("partial") })
            let clock = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - clock < .milliseconds(100))
            #expect(files == ["clip.mkv"])
        }
    }

    @Test func `what is no video is an error in ffmpeg's words`() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("no video".utf8).write(to: URL(filePath: folder + "/text.mkv"))
        let error = await #expect(throws: TranscodingError.self) {
            try await transcoder.transcode(folder + "/text.mkv", to: folder + "/out.mp4") { _ in }
        }
        #expect(error?.description.contains("Invalid data") == true)
        #expect(files == ["text.mkv"])
    }
}

@Suite struct `Progress of ffmpeg` {
    @Test func `is read from the lines that tell the time`() {
        #expect(Transcoder.microseconds(in: "out_time_us=1500000") == 1_500_000)
        #expect(Transcoder.microseconds(in: "out_time_us=N/A") == nil)
        #expect(Transcoder.microseconds(in: "progress=end") == nil)
    }
}
