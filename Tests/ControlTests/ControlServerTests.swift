import Glibc
import Testing
import Vocabulary

@testable import Control

/// The socket of a rank, and programs of all kinds at the other end.
final class ControlServerTests {
    /// A process listens once in a folder, so that each test has one of its own.
    private let folder = "/tmp/mpiswarm-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    private var path: String { "\(folder)/test.1" }

    init() throws { try #require(unsafe mkdir(folder, 0o700) == 0) }

    deinit { unsafe rmdir(folder) }

    /// What a rank is asked, each line answered with `answer`, until nothing has happened for a
    /// while.
    private func serve(
        _ server: inout ControlServer, answer: String? = "ok\n"
    ) -> (lines: [String], left: Int) {
        var lines: [String] = []
        var left = 0
        var idle = 0
        while idle < 5, lines.count < 5000 {
            let events = server.step(milliseconds: 5)
            idle = events.isEmpty ? idle + 1 : 0
            for event in events {
                switch event {
                case .line(let bytes, let client):
                    lines.append(String(decoding: bytes, as: UTF8.self))
                    guard let answer else { continue }
                    server.say(answer, to: client)
                    server.ready(client)
                case .left: left += 1
                }
            }
        }
        return (lines, left)
    }

    private func client(_ text: String) throws -> LocalSocket {
        let socket = try LocalSocket.connected(to: path)
        #expect(socket.write(Array(text.utf8)[...]) == text.utf8.count)
        return socket
    }

    /// Its end stays readable for ever: who waited for it would never rest.
    @Test func aClientThatHasClosedItsEndIsNotWaitedFor() throws {
        var server = try ControlServer(at: path)
        #expect(server.watches.map(\.isReceiving) == [true])
        let socket = try client("list\n")
        let (lines, _) = serve(&server, answer: nil)
        #expect(lines == ["list"])
        #expect(server.watches.map(\.isReceiving) == [true, true])
        shutdown(socket.raw, Int32(SHUT_WR))
        _ = serve(&server)
        #expect(server.watches.map(\.isReceiving) == [true, false])
        #expect(server.watches.allSatisfy { !$0.isSending })
    }

    /// Many programs close their sending side when their input ends.
    @Test func aClientThatHasClosedItsEndIsAnswered() throws {
        var server = try ControlServer(at: path)
        let socket = try client("list\nstatus\n")
        shutdown(socket.raw, Int32(SHUT_WR))
        let (lines, left) = serve(&server)
        #expect(lines == ["list", "status"])
        #expect(left == 1)
        guard case .bytes(let answer) = socket.read(upTo: 100) else {
            Issue.record("nothing was answered")
            return
        }
        #expect(String(decoding: answer, as: UTF8.self) == "ok\nok\n")
    }

    @Test func commandsSentBeforeHangingUpAreCarriedOut() throws {
        var server = try ControlServer(at: path)
        do { _ = try client("get a later\nget b later\n") }
        let (lines, left) = serve(&server)
        #expect(lines == ["get a later", "get b later"])
        #expect(left == 1)
    }

    @Test func halfALineIsNone() throws {
        var server = try ControlServer(at: path)
        do { _ = try client("shutdo") }
        let (lines, left) = serve(&server)
        #expect(lines == [])
        #expect(left == 1)
    }

    @Test func aWaitingClientThatHangsUpIsRemoved() throws {
        var server = try ControlServer(at: path)
        do {
            let socket = try client("wait\nlist\n")
            let (lines, left) = serve(&server, answer: nil)
            #expect(lines == ["wait"] && left == 0)
            _ = socket
        }
        let (lines, left) = serve(&server, answer: nil)
        #expect(lines == [] && left == 1)
    }

    /// Who asks and asks without reading costs no more than one answer.
    @Test func aClientThatDoesNotReadIsNotReadFrom() throws {
        var server = try ControlServer(at: path)
        let socket = try client(String(repeating: "list\n", count: 1000))
        let long = String(repeating: "x", count: 1 << 20) + "\n"
        let (lines, left) = serve(&server, answer: long)
        #expect(lines.count < 10)
        #expect(left == 0)
        let isBusy = server.isBusy
        #expect(!isBusy, "it would be looked at without rest")
        _ = socket
    }
}
