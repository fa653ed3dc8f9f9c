import Launch
import Testing
import Vocabulary

/// What the ends of a connection between ranks make of what they hear.
@Suite struct WatchTalkTests {
    private let token = (0..<16).map { UInt8(truncatingIfNeeded: $0 * 37) }

    private var caller: WatchTalk {
        WatchTalk(calling: Rank(0), token: token, rankCount: 4)
    }

    private var listener: WatchTalk { WatchTalk(calledWith: token, rankCount: 4) }

    @Test func twoRanksGreetEachOther() {
        var (caller, listener) = (caller, listener)
        #expect(listener.received(caller.greeting(of: Rank(3))) == [.greeted(Rank(3))])
        #expect(caller.received(listener.greeting(of: Rank(0))) == [.greeted(Rank(0))])
        #expect(listener.deadAtEnd == Rank(3))
        #expect(caller.deadAtEnd == Rank(0))
    }

    @Test func bytesMayComeOneByOne() {
        var listener = listener
        let bytes = caller.greeting(of: Rank(2)) + WatchTalk.death(of: Rank(1))
        let events = bytes.flatMap { listener.received([$0]) }
        #expect(events == [.greeted(Rank(2)), .died(Rank(1))])
    }

    /// A port may be another program's by now.
    @Test func anEndBeforeTheGreetingIsNoDeath() {
        #expect(caller.deadAtEnd == nil)
        #expect(listener.deadAtEnd == nil)
    }

    @Test(arguments: [false, true]) func anEndAfterAFarewellIsNoDeath(withLosses: Bool) {
        var listener = listener
        let events = listener.received(
            caller.greeting(of: Rank(2)) + WatchTalk.farewell(withLosses: withLosses))
        #expect(events == [.greeted(Rank(2)), .parted(withLosses: withLosses)])
        #expect(listener.stage == .parted)
        #expect(listener.deadAtEnd == nil)
    }

    @Test(arguments: 0..<16) func anotherTokenIsRefused(place: Int) {
        var listener = listener
        var bytes = caller.greeting(of: Rank(2))
        bytes[place] ^= 1
        #expect(listener.received(bytes + WatchTalk.death(of: Rank(1))) == [])
        #expect(listener.stage == .refused)
        #expect(listener.deadAtEnd == nil)
    }

    @Test(arguments: [4, 1000, Int32.max]) func noRankOfTheJobIsRefused(number: Int32) {
        var listener = listener
        #expect(listener.received(caller.greeting(of: Rank(number))) == [])
        #expect(listener.stage == .refused)
    }

    @Test func anEchoIsNoGreeting() {
        var caller = caller
        #expect(caller.received(caller.greeting(of: Rank(3))) == [])
        #expect(caller.stage == .refused)
    }

    @Test func anotherRankThanTheOneThatWasCalledIsRefused() {
        var caller = caller
        #expect(caller.received(listener.greeting(of: Rank(1))) == [])
        #expect(caller.stage == .refused)
    }

    @Test func aDeathOfNoRankIsIgnored() {
        var listener = listener
        let bytes = caller.greeting(of: Rank(2)) + WatchTalk.death(of: Rank(77))
        #expect(listener.received(bytes) == [.greeted(Rank(2))])
        #expect(listener.deadAtEnd == Rank(2))
    }
}
