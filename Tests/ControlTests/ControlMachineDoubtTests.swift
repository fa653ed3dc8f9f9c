import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// What is asked for while ranks still look at their folders, or read long files.
@Suite struct ControlMachineDoubtTests {
    private static let content = ContentID(high: 7, low: 9)

    private var machine = ControlMachine(
        rank: Rank(2),
        ControlMachine.Surroundings(
            place: { _ in nil }, sharing: { SharingState(done: 0, found: 0) },
            landing: { _ in .nothing }, isThere: { _ in false }))
    private let client = ControlClient(raw: 1)

    private mutating func ask(_ line: String) -> [ControlOutput] {
        machine.asked(Array(line.utf8), by: client, now: .zero)
        return machine.takeOutputs()
    }

    private mutating func hear(_ news: LiveNews) -> [ControlOutput] {
        machine.heard(news, now: .zero)
        return machine.takeOutputs()
    }

    private mutating func pass(_ time: Duration) -> [ControlOutput] {
        machine.timeout(now: .zero + time)
        return machine.takeOutputs()
    }

    private func said(_ outputs: [ControlOutput]) -> [String] {
        outputs.compactMap { if case .say(let text, _) = $0 { text } else { nil } }
    }

    private func ticket(_ number: UInt64) -> OrderTicket { OrderTicket(number) }

    private func roll(_ states: [RollEntry.Presence]) -> [RollEntry] {
        states.enumerated().map {
            RollEntry(rank: Rank(Int32($0.offset + 1)), presence: $0.element)
        }
    }

    private func get(_ number: UInt64) throws -> [ControlOutput] {
        let name = try RelativePath("a")
        let order = GetOrder(ticket: ticket(number), choice: .name(name))
        return [.expect(ticket(number), at: nil, named: name), .order(.get(order))]
    }

    private func asksRoll(_ number: UInt64) -> [ControlOutput] {
        [.order(.roll(ticket(number), of: .none))]
    }

    @Test(arguments: [RollEntry.Presence.looking, .absent])
    mutating func aFileIsWaitedForWhileARankLooks(state: RollEntry.Presence) throws {
        #expect(ask("get a") == (try get(1)))
        #expect(hear(.failed(ticket(1), .unknown)) == asksRoll(2))
        #expect(hear(.roll(ticket(2), roll([.present, state]))) == [])
        #expect(machine.isExpecting)
        #expect(pass(.milliseconds(499)) == [])
        #expect(pass(.milliseconds(500)) == (try get(3)))
        #expect(
            said(hear(.delivered(ticket(3), Self.content))) == [
                " a\t\t\(Self.content)\n", "ok\n",
            ])
    }

    /// The rank that owns it may have announced it between the two questions.
    @Test mutating func whenAllHaveLookedItIsAskedForOnceMore() throws {
        _ = ask("get a")
        #expect(hear(.failed(ticket(1), .unknown)) == asksRoll(2))
        #expect(hear(.roll(ticket(2), roll([.present, .left, .lost]))) == (try get(3)))
        #expect(said(hear(.failed(ticket(3), .unknown))) == ["error a: no rank owns it\n"])
        #expect(!machine.isExpecting)
    }

    @Test mutating func aFileThatIsBeingReadIsWaitedFor() throws {
        let name = try RelativePath("a")
        _ = ask("get a")
        _ = hear(.failed(ticket(1), .unknown))
        let catalog = hear(.roll(ticket(2), roll([.reading])))
        #expect(catalog == [.order(.catalog(ticket(3)))])
        let entry = CatalogEntry(
            name: name, content: .none, size: ByteCount(10), pieces: 0, seeds: 0, peers: 1)
        #expect(hear(.catalog(ticket(3), [entry])) == [])
        _ = ask("status")
        #expect(
            said(hear(.status(ticket(4), []))).first
                == " a\trank 1 is still reading files\n")
        #expect(pass(.milliseconds(500)) == (try get(5)))
    }

    @Test mutating func aFileBeingReadIsListedWithoutAnIdUnlessItIsServed() throws {
        let reading = try ["a", "b"].map { name in
            CatalogEntry(
                name: try RelativePath(name), content: .none, size: ByteCount(10), pieces: 0,
                seeds: 0, peers: 1)
        }
        let served = CatalogEntry(
            name: try RelativePath("b"), content: Self.content, size: ByteCount(10), pieces: 1,
            seeds: 1, peers: 0)
        _ = ask("list")
        #expect(
            said(hear(.catalog(ticket(1), reading + [served]))) == [
                " a\t10\t0\t1\t-\n", " b\t10\t1\t0\t\(Self.content)\n", "ok\n",
            ])
    }

    /// Another file that is being read is no reason to wait.
    @Test mutating func aFileThatNobodyReadsIsNotWaitedFor() throws {
        _ = ask("get a")
        _ = hear(.failed(ticket(1), .unknown))
        _ = hear(.roll(ticket(2), roll([.reading])))
        #expect(hear(.catalog(ticket(3), [])) == (try get(4)))
        #expect(said(hear(.failed(ticket(4), .unknown))) == ["error a: no rank owns it\n"])
    }

    @Test mutating func aClientThatSeesProgressGetsTheReasonForADelayOnce() {
        _ = ask("get a progress")
        _ = hear(.failed(ticket(1), .unknown))
        #expect(
            said(hear(.roll(ticket(2), roll([.looking, .looking])))) == [
                " a\tranks 1 and 2 are still looking at the files of their folders\n"
            ])
        _ = pass(.milliseconds(500))
        _ = hear(.failed(ticket(3), .unknown))
        #expect(said(hear(.roll(ticket(4), roll([.looking, .looking])))) == [])
    }

    @Test(arguments: ["query a", "holders a"])
    mutating func aQuestionIsAnsweredWithWhoStillLooks(line: String) {
        _ = ask(line)
        #expect(hear(.catalog(ticket(1), [])) == asksRoll(2))
        #expect(
            said(hear(.roll(ticket(2), roll([.present, .looking])))) == [
                "error no rank has a yet: rank 2 is still looking at the files of its folder\n"
            ])
    }

    @Test mutating func aGetFromOneRankWaitsToo() throws {
        #expect(ask("get a from 1") == [.order(.catalog(ticket(1)))])
        #expect(hear(.catalog(ticket(1), [])) == asksRoll(2))
        #expect(hear(.roll(ticket(2), roll([.looking]))) == [])
        #expect(pass(.milliseconds(500)) == [.order(.catalog(ticket(3)))])
        #expect(hear(.catalog(ticket(3), [])) == asksRoll(4))
        #expect(hear(.roll(ticket(4), roll([.present]))) == [.order(.catalog(ticket(5)))])
        #expect(
            said(hear(.catalog(ticket(5), []))) == [
                "error a: that rank does not have it, or has left\n"
            ])
    }

    @Test mutating func aClientThatHangsUpDuringADoubtGetsNoAnswer() throws {
        _ = ask("get a later")
        _ = hear(.failed(ticket(1), .unknown))
        _ = hear(.roll(ticket(2), roll([.looking])))
        machine.left(client)
        #expect(pass(.milliseconds(500)) == (try get(3)), "it is fetched all the same")
        machine.closed()
        #expect(said(machine.takeOutputs()) == [])
    }
}
