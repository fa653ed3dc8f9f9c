import Glibc
import Launch
import Testing
import Vocabulary

@Suite struct ThreadBellTests {
    /// Far more than any test takes: a rest that is not ended does not look like one that is.
    private static let long = Duration.seconds(60)

    @Test func aRingBeforeARestEndsItAtOnce() {
        let bell = ThreadBell()
        bell.ring()
        bell.ring()
        #expect(bell.rest(atMost: Self.long) == .rung)
        #expect(bell.rest(atMost: .zero) == .time)
    }

    @Test func aRingOfAnotherThreadEndsEachRest() throws {
        let bell = ThreadBell()
        let back = ThreadBell()
        let ringer = try NamedThread(name: "ringer", 0) { _ in
            for _ in 0..<1000 {
                bell.ring()
                _ = back.rest(atMost: Self.long)
            }
        }
        for _ in 0..<1000 {
            // A ring that was seen before it was written may end one more rest.
            while bell.rest(atMost: Self.long) != .rung {}
            back.ring()
        }
        try ringer.join()
    }

    @Test func aSocketWithBytesEndsARest() throws {
        let (reading, writing) = try pipe()
        defer { for end in [reading, writing] { close(end) } }
        let bell = ThreadBell()
        let toRead = SocketWatch(descriptor: reading, isSending: false)
        #expect(bell.rest(atMost: .zero, watching: [toRead]) == .time)
        unsafe #expect(write(writing, [7 as UInt8], 1) == 1)
        #expect(bell.rest(atMost: Self.long, watching: [toRead]) == .socket)
        bell.ring()
        #expect(bell.rest(atMost: Self.long, watching: [toRead]) == .rung)
        #expect(bell.rest(atMost: Self.long, watching: [toRead]) == .socket)
    }

    @Test func aSocketWithRoomEndsARestOnlyWhereBytesWait() throws {
        let (reading, writing) = try pipe()
        defer { for end in [reading, writing] { close(end) } }
        let bell = ThreadBell()
        let idle = SocketWatch(descriptor: writing, isSending: false)
        let sending = SocketWatch(descriptor: writing, isSending: true)
        #expect(bell.rest(atMost: .zero, watching: [idle]) == .time)
        #expect(bell.rest(atMost: Self.long, watching: [idle, sending]) == .socket)
    }

    @Test func aSocketThatIsNotReadEndsARestOnlyWhenTheOtherEndIsGone() throws {
        let (reading, writing) = try pipe()
        defer { close(reading) }
        let bell = ThreadBell()
        let deaf = SocketWatch(descriptor: reading, isReceiving: false)
        unsafe #expect(write(writing, [7 as UInt8], 1) == 1)
        #expect(bell.rest(atMost: .zero, watching: [deaf]) == .time)
        close(writing)
        #expect(bell.rest(atMost: Self.long, watching: [deaf]) == .socket)
    }

    @Test func oneThreadAtATimeHasTheTurn() {
        let turn = WatchTurn()
        #expect(turn.take())
        #expect(!turn.take())
        turn.giveBack()
        #expect(turn.take())
    }

    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }
}
