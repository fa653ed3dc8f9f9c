import Swarm
import Testing
import Vocabulary

@testable import Control

struct QuestionTableTests {
    private var table = QuestionTable()
    private var outbox = ControlOutbox()

    private func question(of client: UInt64, until end: Tick = .never) -> Question {
        Question(client: ControlClient(raw: client), isJSON: false, command: .list, end: end)
    }

    @Test mutating func aQuestionIsAnsweredOnce() {
        table.order(question(of: 1), &outbox) { .status($0) }
        #expect(outbox.take() == [.order(.status(OrderTicket(1)))])
        #expect(table.take(OrderTicket(1))?.client == ControlClient(raw: 1))
        #expect(table.take(OrderTicket(1)) == nil)
        #expect(table.isEmpty)
    }

    @Test mutating func overdueQuestionsEndInTheOrderInWhichTheyWereAsked() {
        for client in (1...20 as ClosedRange<UInt64>).reversed() {
            let end = client == 7 ? Tick.zero + .seconds(9) : .zero + .seconds(3)
            table.order(question(of: client, until: end), &outbox) { .catalog($0) }
        }
        #expect(table.expire(now: .zero + .seconds(2)).isEmpty)
        let expected = (1...20).reversed().filter { $0 != 7 }.map { ControlClient(raw: $0) }
        #expect(table.expire(now: .zero + .seconds(3)).map(\.client) == expected)
        #expect(table.takeAll().map(\.client) == [ControlClient(raw: 7)])
    }

    @Test mutating func aUserWhoHasHungUpWaitsForNothing() {
        table.order(question(of: 1), &outbox) { .catalog($0) }
        table.order(question(of: 2), &outbox) { .catalog($0) }
        table.left(ControlClient(raw: 1))
        #expect(table[OrderTicket(1)] == nil)
        #expect(table.takeAll().map(\.client) == [ControlClient(raw: 2)])
    }
}
