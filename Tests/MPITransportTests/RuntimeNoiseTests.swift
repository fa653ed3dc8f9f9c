internal import CMPI
internal import Foundation
internal import Testing

/// The messages of Open MPI about dead peers, which are left out.
@Suite struct RuntimeNoiseTests {
    private static let file = "help-mpi-btl-tcp.txt"

    @Test(arguments: [
        "peer hung up", "client connect fail", "client handshake fail",
        "server did not get guid", "server accept cannot find guid",
        "server cannot find endpoint", "server getpeername failed", "socket flag fail",
        "dropped inbound connection",
    ])
    func aMessageAboutADeadPeerIsLeftOut(topic: String) throws {
        #expect(unsafe cmpi_is_noise(Self.file, topic))
        let known = try String(contentsOf: Self.helpFile, encoding: .utf8)
        #expect(known.contains("\n[\(topic)]\n"), "the library has no such message")
    }

    @Test func anyOtherMessageIsShown() {
        #expect(unsafe !cmpi_is_noise(Self.file, "invalid minimum port"))
        #expect(unsafe !cmpi_is_noise(Self.file, "accept failed"))
        #expect(unsafe !cmpi_is_noise("help-mpi-btl-base.txt", "peer hung up"))
        #expect(unsafe !cmpi_is_noise(nil, "peer hung up"))
        #expect(unsafe !cmpi_is_noise(Self.file, nil))
    }

    /// Where this library keeps its messages.
    private static var helpFile: URL {
        get throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["ompi_info", "--path", "pkgdatadir", "--parsable"]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let words = String(decoding: output, as: UTF8.self).split(separator: ":")
            let folder = try #require(words.last).trimmingCharacters(in: .newlines)
            return URL(filePath: folder).appending(path: file)
        }
    }
}
