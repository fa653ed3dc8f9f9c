import Testing
import Vocabulary

@testable import Swarm

struct SendPaceTests {
    private static func pace(_ serving: Serving) -> SendPace {
        var rules = UploaderRules(tracker: .first)
        rules.serving = serving
        return SendPace(rules)
    }

    private static func send(_ byteCount: Int = 1000) -> SendRow {
        SendRow(
            ticket: ReadTicket(1), content: 0, piece: PieceIndex(0), byteCount: byteCount,
            request: RequestNumber(1), link: 0)
    }

    /// `F` fills the link, and `s` leaves it idle.
    private static func after(_ sends: String, turnaround: Duration = .zero) -> SendPace {
        var pace = pace(.cooperative)
        for send in sends {
            let rate = send == "F" ? 1000.0 : 500
            pace.sent(Self.send(), at: rate, activeSends: 0, turnaround: turnaround)
        }
        return pace
    }

    @Test(arguments: [
        ("F", false), ("Fs", false), ("Fss", true), ("FsFFFFFFFFs", false), ("FssFFFFFFFFFF", true),
    ])
    func twoSendsThatLeaveTheLinkIdleShowThatLinksAreShared(_ sends: String, _ shares: Bool) {
        let pace = Self.after(sends)
        #expect(pace.sharesLinks == shares)
        #expect(pace.watchesSharing == !shares)
        #expect(pace.activeMax >= (shares ? LinkPlaces.least : 1))
        #expect(pace.perLinkMax == (shares ? pace.activeMax : 1))
    }

    @Test func placesThatWaitLongForTheirAnswersAreNoGain() {
        #expect(!Self.after("Fss", turnaround: .seconds(12)).sharesLinks)
    }

    /// The pieces of this link take 1, 2 and 2 s.
    @Test(arguments: [(0, 4), (50, 5), (100, 6), (300, 9), (600, 12), (1250, 17), (2000, 22)])
    func longTurnaroundsNeedMorePlaces(_ milliseconds: Int, _ places: Int) {
        let pace = Self.after("Fss", turnaround: .milliseconds(milliseconds))
        #expect(pace.linkPlaces == places)
    }

    @Test func aSendOfNoBytesSaysNothingOfPlaces() {
        var pace = Self.pace(.cooperative)
        pace.sent(Self.send(0), at: 0, activeSends: 0, turnaround: .zero)
        #expect(pace.linkPlaces == nil)
    }

    @Test func aSendIsNearItsEndOneAnswerBeforeItsUsualTime() {
        var send = Self.send()
        let now = Tick.zero + .seconds(1)
        Self.after("F").schedule(&send, answer: .milliseconds(200), now: now)
        #expect(send.timing.nearEnd == now + .milliseconds(800))
        #expect(send.timing.slowAt == now + .milliseconds(2005))
        #expect(send.timing.overrunsAt == now + .milliseconds(1250))
    }

    @Test func aLinkWithASlotOfItsOwnGetsItsNextPieceAtOnce() {
        var send = Self.send()
        let now = Tick.zero + .seconds(1)
        Self.pace(.titForTat).schedule(&send, answer: nil, now: now)
        #expect(send.timing.nearEnd == now)
        #expect(Self.pace(.onRequest).activeMax == SendPace.sendsMax)
    }

    @Test func slowMeansLessThanHalfOfTheUsualRate() {
        #expect(!Self.pace(.cooperative).isSlow(1), "no rate is known yet")
        let pace = Self.after("F")
        #expect(pace.isSlow(499) && !pace.isSlow(501))
    }
}
