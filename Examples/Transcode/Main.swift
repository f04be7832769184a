import Foundation

/// `swift run transcode [SOURCE TARGET]`: shows in percent how far it is. Without files it makes a clip of its own.
@main
enum Transcode {
    static func main() async throws {
        let transcoder = Transcoder()
        var files = Array(CommandLine.arguments.dropFirst())
        if files.isEmpty {
            files = ["clip.mkv", "clip.mp4"]
            print("Making clip.mkv …")
            try await transcoder.makeClip(files[0], seconds: 60)
        }
        guard files.count == 2 else {
            FileHandle.standardError.write(Data("Usage: transcode [SOURCE TARGET]\n".utf8))
            exit(64)
        }
        do {
            try await transcoder.transcode(files[0], to: files[1]) { done in
                FileHandle.standardOutput.write(Data("\r\(Int(done * 100)) % ".utf8))
            }
            print("\n\(files[1]) is ready.")
        } catch {
            FileHandle.standardError.write(Data("\n\(error)\n".utf8))
            exit(1)
        }
    }
}
