import Foundation
import Spindle

/// Transcodes videos with ffmpeg, which has to be installed: progress while it runs, and no part of a file when it fails.
struct Transcoder {
    /// The codec of the picture, as `ffmpeg -codecs` lists them.
    var codec = "libx264"
    /// The directories in which `ffmpeg` and `ffprobe` are looked for; the program's own `PATH` when nil.
    var searchPath: String?

    /// Writes `source` anew as `target`, which appears when it is complete.
    ///
    /// When the task is cancelled, ffmpeg is killed, and has ended when this throws.
    ///
    /// - Parameter progress: called with how much is done, from 0 to 1, about twice a second.
    /// - Throws: ``TranscodingError`` with ffmpeg's own words, `ChildProcessError`, `CancellationError`.
    func transcode(_ source: String, to target: String, progress: (Double) -> Void) async throws {
        let length = try await duration(of: source)
        // Beside the target, so that it can take its place at once; its ending tells ffmpeg the format.
        let partial = target + ".partial." + (target as NSString).pathExtension
        do {
            var command = command(
                "ffmpeg", "-v", "error", "-y", "-i", source, "-c:v", codec, "-progress", "pipe:1", "-nostats", partial)
            command.stopping = .immediate
            let (_, exit) = try await ChildProcess.stream(command) { child in
                for try await line in child.output.lines() {
                    if let time = Self.microseconds(in: line) { progress(min(1, time / 1e6 / length)) }
                }
            }
            guard exit.isSuccess else { throw TranscodingError(exit) }
            guard rename(partial, target) == 0 else { throw TranscodingError(description: "\(target) cannot be written.") }
            progress(1)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// How long a video is, in seconds.
    func duration(of file: String) async throws -> Double {
        let result = try await ChildProcess.run(
            command("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file))
        guard result.exit.isSuccess else { throw TranscodingError(result.exit) }
        guard let length = Double(result.outputText.trimmingCharacters(in: .whitespacesAndNewlines)), length > 0 else {
            throw TranscodingError(description: "\(file) does not say how long it is.")
        }
        return length
    }

    /// Makes a video to try things with: ffmpeg's own test picture and a tone.
    func makeClip(_ file: String, seconds: Int, size: String = "640x360") async throws {
        let result = try await ChildProcess.run(
            command(
                "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=duration=\(seconds):size=\(size):rate=30",
                "-f", "lavfi", "-i", "sine=duration=\(seconds)", "-c:v", "mpeg4", file))
        guard result.exit.isSuccess else { throw TranscodingError(result.exit) }
    }

    private func command(_ program: String, _ arguments: String...) -> ChildCommand {
        var command = ChildCommand(program, program == "ffmpeg" ? ["-nostdin"] + arguments : arguments)
        if let searchPath { command.environment = .merging(["PATH": searchPath]) }
        return command
    }

    /// ffmpeg reports in blocks of lines such as `out_time_us=1234567`.
    static func microseconds(in line: String) -> Double? {
        guard line.hasPrefix("out_time_us=") else { return nil }
        return Double(line.dropFirst("out_time_us=".count))
    }
}

/// ffmpeg did not do what it was asked to.
struct TranscodingError: Error, CustomStringConvertible {
    let description: String
}

extension TranscodingError {
    init(_ exit: ChildExit) {
        description = (["ffmpeg \(exit)."] + exit.lastErrorLines).joined(separator: "\n")
    }
}
