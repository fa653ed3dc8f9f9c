import Testing
import Vocabulary

@testable import Node

/// A rank that sends the same message without end.
@Suite struct RepetitionsTests {
    private var repetitions = Repetitions()

    private mutating func hear(
        _ bytes: [UInt8], from rank: Int32 = 3, at seconds: Int = 0
    ) -> Bool {
        unsafe repetitions.note(
            bytes.span.bytes, from: Rank(rank), now: .zero + .seconds(seconds)) == .flood
    }

    /// The number of messages, among `count`, that are judged to be too many.
    private mutating func excess(
        _ count: Int, at seconds: Int = 0, _ bytes: (Int) -> [UInt8]
    ) -> Int {
        (0..<count).count { hear(bytes($0), at: seconds) }
    }

    @Test mutating func theSameMessageWithoutEndIsTooMuch() {
        let most = Repetitions.repetitionsMax
        #expect(excess(most + 1) { _ in [1, 2, 3] } == 0, "the first one repeats nothing")
        #expect(hear([1, 2, 3]))
        #expect(!hear([1, 2, 3], from: 4), "another rank")
        #expect(!hear([1, 2, 3, 4]), "another message")
        #expect(hear([1, 2, 3, 4]), "what was repeated is remembered")
    }

    /// A second later, the number that the shortest interval allows is answered again.
    @Test mutating func questionsAreAnsweredSomeTimes() {
        let most = Repetitions.answersMax
        let perSecond = Repetitions.repetitionsPerSecondMax
        var verdicts: [Repetitions.Verdict] = []
        for number in 0..<most + perSecond + 20 {
            let now = Tick.zero + .seconds(number < most + 10 ? 0 : 1)
            unsafe verdicts.append(
                repetitions.note([7, 7].span.bytes, from: Rank(3), now: now))
        }
        #expect(verdicts[...most].allSatisfy { $0 == .usual }, "the first repeats nothing")
        #expect(verdicts[(most + 1)..<(most + 10)].allSatisfy { $0 == .answered })
        #expect(verdicts[(most + 10)...].prefix(perSecond - 9).allSatisfy { $0 == .usual })
        #expect(verdicts.last == .answered)
    }

    /// Each message is sent twice, before the next one.
    @Test mutating func pairsAddUp() {
        let most = Repetitions.repetitionsMax
        #expect(excess(most * 2 + 20) { [UInt8($0 / 2 % 251), UInt8($0 / 2 / 251)] } == 10)
    }

    /// Messages that differ by one byte anywhere.
    @Test(arguments: [1, 8, 13, 40, 41, 4000])
    mutating func messagesThatDifferAreNoRepetition(byteCount: Int) {
        let blank = [UInt8](repeating: 0, count: byteCount)
        for place in 0..<byteCount {
            #expect(
                excess(20) { number in
                    var bytes = blank
                    bytes[place] = UInt8(number + 1)
                    return bytes
                } == 0)
        }
        #expect(repetitions.isEmpty)
    }

    @Test(arguments: [2, 3, 4])
    mutating func fewMessagesInTurnAreTooMuchToo(kinds: Int) {
        let most = Repetitions.repetitionsMax
        #expect(excess(kinds + most) { [UInt8($0 % kinds)] } == 0)
        #expect(excess(kinds * 5) { [UInt8($0 % kinds)] } == kinds * 5)
    }

    /// A neighbour may gain and lose interest in a rank each time that it hears of pieces.
    @Test mutating func answersToNewsAreNoFlood() {
        #expect(!hear([1]) && !hear([2]) && !hear([1]))
        for _ in 0..<Repetitions.repetitionsMax * 4 {
            repetitions.announced(to: Rank(3))
            #expect(excess(2) { [UInt8($0 + 1)] } == 0)
        }
        let most =
            Repetitions.repetitionsMax
            + Repetitions.repetitionsMax * 4 * (Repetitions.repetitionsPerAnnouncementMax - 2)
        #expect(excess(most + 10) { [UInt8($0 % 2 + 1)] } == 11, "news is no pass for ever")
    }

    /// At the shortest interval that may be set, for an hour.
    @Test mutating func repetitionsAtIntervalsAreAllowed() {
        for second in 0..<3600 { #expect(excess(100, at: second) { _ in [7] } == 0) }
        #expect(excess(2, at: 3600) { _ in [7] } == 0)
    }
}
