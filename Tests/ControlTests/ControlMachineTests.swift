import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// What users ask, and what they are answered.
@Suite struct ControlMachineTests {
    private static let content = ContentID(high: 7, low: 9)
    private static let id = "00000000000000070000000000000009"

    private var machine = ControlMachine(
        rank: Rank(2),
        ControlMachine.Surroundings(
            place: { $0.description == "mine" ? "/share/mine" : nil },
            sharing: {
                SharingState(done: 3, found: 4, refused: 1, first: [("x", "it is not a file")])
            },
            landing: { ticket in
                guard ticket.raw % 2 == 1 else { return .trouble("no room") }
                do throws(PathError) {
                    return .lies(at: "/out/\(ticket.raw)", name: try RelativePath("a"))
                } catch { return .nothing }
            }, isThere: { $0 != "/out/3" }))

    private func client(_ number: UInt64) -> ControlClient { ControlClient(raw: number) }

    private mutating func ask(_ line: String, by number: UInt64 = 1) -> [ControlOutput] {
        machine.asked(Array(line.utf8), by: client(number), now: .zero)
        return machine.takeOutputs()
    }

    private func said(_ outputs: [ControlOutput]) -> [String] {
        outputs.compactMap { if case .say(let text, _) = $0 { text } else { nil } }
    }

    private mutating func hear(_ news: LiveNews, now: Tick = .zero) -> [ControlOutput] {
        machine.heard(news, now: now)
        return machine.takeOutputs()
    }

    private func entry(_ name: String, seeds: UInt32 = 1) throws -> CatalogEntry {
        CatalogEntry(
            name: try RelativePath(name), content: Self.content, size: ByteCount(10), pieces: 1,
            seeds: seeds, peers: 0)
    }

    @Test mutating func garbageIsAnsweredAndTheNextLineMayCome() {
        #expect(
            ask("foo") == [
                .say("error unknown command 'foo'; 'help' lists them\n", to: client(1)),
                .ready(client(1)),
            ])
        #expect(
            said(ask("--json foo \"")) == [
                "{\"ok\": false, \"error\": \"a quote is not closed\"}\n"
            ])
    }

    @Test mutating func aListIsSaidInOrder() throws {
        #expect(ask("list") == [.order(.catalog(OrderTicket(1)))])
        let answer = hear(.catalog(OrderTicket(1), [try entry("b"), try entry("a")]))
        #expect(
            said(answer) == [" a\t10\t1\t0\t\(Self.id)\n", " b\t10\t1\t0\t\(Self.id)\n", "ok\n"])
        #expect(ask("--json query a") == [.order(.catalog(OrderTicket(2)))])
        #expect(
            said(hear(.catalog(OrderTicket(2), [try entry("b"), try entry("a")]))) == [
                #"{"name": "a", "size": 10, "seeds": 1, "peers": 0, "id": "\#(Self.id)"}"# + "\n",
                "{\"ok\": true}\n",
            ])
        _ = ask("query c")
        #expect(hear(.catalog(OrderTicket(3), [])) == [.order(.roll(OrderTicket(4), of: .none))])
        #expect(said(hear(.roll(OrderTicket(4), []))) == ["error no rank has c\n"])
    }

    @Test mutating func aGetSaysWhereTheFileWent() throws {
        let order = GetOrder(ticket: OrderTicket(1), choice: .name(try RelativePath("a")))
        let name = try RelativePath("a")
        #expect(
            ask("get a") == [.expect(OrderTicket(1), at: nil, named: name), .order(.get(order))])
        #expect(
            said(hear(.delivered(OrderTicket(1), Self.content))) == [
                " a\t/out/1\t\(Self.id)\n", "ok\n",
            ])
        #expect(said(ask("where a")) == [" /out/1\n", "ok\n"])
        #expect(said(ask("where mine")) == [" /share/mine\n", "ok\n"])
        #expect(said(ask("where b")) == ["error b is not here; get it first\n"])
    }

    /// The same bytes may have several names: the first of them is as good as any.
    @Test mutating func aContentAskedForByIdGetsOneOfItsNames() throws {
        #expect(ask("get \(Self.id)") == [.order(.catalog(OrderTicket(1)))])
        let order = GetOrder(ticket: OrderTicket(2), choice: .content(Self.content))
        #expect(
            hear(.catalog(OrderTicket(1), [try entry("d/b"), try entry("d/a")])) == [
                .expect(OrderTicket(2), at: nil, named: try RelativePath("d/a")),
                .order(.get(order)),
            ])
        _ = ask("get \(Self.id)")
        #expect(
            hear(.catalog(OrderTicket(3), [try entry("a", seeds: 0)])) == [
                .order(.roll(OrderTicket(4), of: .none))
            ])
    }

    @Test mutating func aFailureSaysWhy() throws {
        _ = ask("get a")
        #expect(
            said(hear(.failed(OrderTicket(1), .withdrawn))) == [
                "error a: its owner has removed or changed it\n"
            ])
        _ = ask("get a")
        #expect(said(hear(.failed(OrderTicket(2), .disk))) == ["error a: no room\n"])
    }

    @Test mutating func waitEndsWithTheLaterFetches() throws {
        #expect(said(ask("get a later")) == ["ok\n"])
        #expect(said(ask("get b later")) == ["ok\n"])
        #expect(ask("wait a") == [])
        #expect(ask("wait", by: 2) == [])
        #expect(
            said(hear(.delivered(OrderTicket(1), Self.content))) == [
                " a\t/out/1\t\(Self.id)\n", "ok\n",
            ])
        #expect(
            said(hear(.failed(OrderTicket(2), .disk))) == [
                " b\tno room\n", "error b: no room\n",
            ])
        #expect(said(ask("wait")) == ["ok\n"], "each is told once")
    }

    @Test mutating func aClientThatHangsUpGetsNoAnswer() {
        _ = ask("get a")
        _ = ask("list")
        machine.left(client(1))
        #expect(hear(.delivered(OrderTicket(1), Self.content)) == [])
        #expect(hear(.catalog(OrderTicket(2), [])) == [])
        #expect(!machine.isExpecting)
    }

    @Test mutating func aQuestionWithoutAnAnswerEnds() {
        _ = ask("list")
        machine.timeout(now: .zero + .seconds(29))
        #expect(machine.takeOutputs() == [])
        machine.timeout(now: .zero + .seconds(30))
        #expect(said(machine.takeOutputs()) == ["error no rank answered\n"])
        #expect(hear(.catalog(OrderTicket(1), [])) == [])
    }

    @Test mutating func everyWaitingClientHearsThatTheJobHasEnded() {
        _ = ask("get a")
        _ = ask("list", by: 2)
        _ = ask("get b later", by: 3)
        _ = ask("wait", by: 3)
        machine.closed()
        #expect(
            said(machine.takeOutputs()) == Array(repeating: "error the job has ended\n", count: 3))
    }

    @Test mutating func progressIsReportedDuringAFetch() throws {
        _ = ask("get a progress")
        machine.timeout(now: .zero + .milliseconds(250))
        #expect(machine.takeOutputs() == [.order(.status(OrderTicket(2)))])
        let status = TransferStatus(
            ticket: OrderTicket(1), name: try RelativePath("a"), content: Self.content,
            held: ByteCount(50), size: ByteCount(100), sources: 2)
        let now = Tick.zero + .milliseconds(500)
        #expect(
            said(hear(.status(OrderTicket(2), [status]), now: now)) == [" a\t50\t100\t100\t1\t2\n"])
        _ = ask("status", by: 2)
        #expect(
            said(hear(.status(OrderTicket(3), [status]), now: now)) == [
                " a\t50\t100\t100\t1\t2\n", " sharing\t3\t4\t1\n",
                " not offered\tx\tit is not a file\n", "ok\n",
            ])
    }

    @Test mutating func theHoldersOfANameAreFoundByItsContent() throws {
        #expect(ask("holders a") == [.order(.catalog(OrderTicket(1)))])
        #expect(
            hear(.catalog(OrderTicket(1), [try entry("b"), try entry("a")])) == [
                .order(.roll(OrderTicket(2), of: Self.content))
            ])
        let roll = RollEntry(rank: Rank(4), presence: .present)
        #expect(said(hear(.roll(OrderTicket(2), [roll]))) == [" 4\tthere\n", "ok\n"])
        #expect(ask("holders \(Self.id)") == [.order(.roll(OrderTicket(3), of: Self.content))])
        #expect(said(hear(.roll(OrderTicket(3), []))) == ["error no rank has it\n"])
        #expect(
            ask("holders " + String(repeating: "0", count: 32)) != [
                .order(.roll(OrderTicket(4), of: .none))
            ])
        _ = hear(.catalog(OrderTicket(4), []))
        _ = hear(.roll(OrderTicket(5), []))
        _ = ask("holders a")
        let twice = [try entry("a"), try entry("a")]
        #expect(
            said(hear(.catalog(OrderTicket(6), twice))) == [
                "error a is not the same everywhere; 'query a' lists the ids\n"
            ])
    }

    @Test mutating func aDescribedFileIsFoundByNameAndSize() throws {
        #expect(ask("get /x/a.seed to /y") == [.describe("/x/a.seed", OrderTicket(1))])
        machine.described(OrderTicket(1), name: try RelativePath("a"), size: ByteCount(10))
        #expect(machine.takeOutputs() == [.order(.catalog(OrderTicket(2)))])
        let order = GetOrder(ticket: OrderTicket(3), choice: .content(Self.content))
        #expect(
            hear(.catalog(OrderTicket(2), [try entry("b"), try entry("a")])) == [
                .expect(
                    OrderTicket(3), at: "/y", named: try RelativePath("a"), asIn: "/x/a.seed"),
                .order(.get(order)),
            ])
        #expect(
            said(hear(.delivered(OrderTicket(3), Self.content))) == [
                " /x/a.seed\t/out/3\t\(Self.id)\n", "ok\n",
            ])
        _ = ask("get /x/a.seed")
        machine.described(OrderTicket(4), name: try RelativePath("a"), size: ByteCount(9))
        _ = machine.takeOutputs()
        _ = hear(.catalog(OrderTicket(5), [try entry("a")]))
        #expect(
            hear(.roll(OrderTicket(6), [])) == [.describe("/x/a.seed", OrderTicket(7))])
        machine.described(OrderTicket(7), name: try RelativePath("a"), size: ByteCount(9))
        _ = machine.takeOutputs()
        #expect(
            said(hear(.catalog(OrderTicket(8), [try entry("a")]))) == [
                "error no rank has a of 9 bytes\n"
            ])
        _ = ask("get /x/b.seed")
        machine.shareDone(OrderTicket(9), error: "it is torn")
        #expect(said(machine.takeOutputs()) == ["error it is torn\n"])
    }

    @Test mutating func aFileOnThisRankIsDescribed() throws {
        #expect(
            ask("export mine /x/m.seed") == [
                .export("/share/mine", to: "/x/m.seed", OrderTicket(1))
            ])
        machine.timeout(now: .zero + .seconds(1_000_000))
        #expect(machine.takeOutputs() == [], "a long file takes its time")
        machine.shareDone(OrderTicket(1), error: nil)
        #expect(said(machine.takeOutputs()) == ["ok\n"])
        #expect(said(ask("export else /x/m.seed")) == ["error else is not here; get it first\n"])
    }

    /// Ranks may have different files of one name.
    @Test mutating func theContentOfANameAtOneRankIsFound() throws {
        #expect(ask("get a from 4") == [.order(.catalog(OrderTicket(1)))])
        let other = ContentID(high: 8, low: 8)
        let second = CatalogEntry(
            name: try RelativePath("a"), content: other, size: ByteCount(9), pieces: 1, seeds: 1,
            peers: 0)
        #expect(
            hear(.catalog(OrderTicket(1), [second, try entry("a"), try entry("b")])) == [
                .order(.roll(OrderTicket(2), of: Self.content))
            ])
        #expect(
            hear(.roll(OrderTicket(2), [RollEntry(rank: Rank(1), presence: .present)])) == [
                .order(.roll(OrderTicket(3), of: other))
            ])
        let order = GetOrder(ticket: OrderTicket(4), choice: .content(other), source: Rank(4))
        #expect(
            hear(.roll(OrderTicket(3), [RollEntry(rank: Rank(4), presence: .present)])) == [
                .expect(OrderTicket(4), at: nil, named: try RelativePath("a")),
                .order(.get(order)),
            ])
        _ = ask("get a from 4", by: 2)
        _ = hear(.catalog(OrderTicket(5), []))
        #expect(hear(.roll(OrderTicket(6), [])) == [.order(.catalog(OrderTicket(7)))])
        #expect(
            said(hear(.catalog(OrderTicket(7), []))) == [
                "error a: that rank does not have it, or has left\n"
            ])
    }

    @Test mutating func aRemovedFileIsNotHere() throws {
        _ = ask("list")
        _ = ask("list")
        _ = ask("get a", by: 2)
        _ = hear(.delivered(OrderTicket(3), Self.content))
        #expect(said(ask("where a")) == ["error a is not here; get it first\n"])
    }

    /// The file may be long, and others may be read before it.
    @Test mutating func aSharedFileIsReadFirst() {
        #expect(ask("share /long") == [.share("/long", OrderTicket(1))])
        machine.timeout(now: .zero + .seconds(1_000_000))
        #expect(machine.takeOutputs() == [])
        machine.shareDone(OrderTicket(1), error: nil)
        #expect(said(machine.takeOutputs()) == ["ok\n"])
    }
}
