import Swarm
import Testing
import Vocabulary
import Wire

@testable import Staging

/// A job has all of its destinations, or keeps none.
struct StageClaimTests {
    /// Ranks on hosts of their own, before a job whose source rank 0 has listed.
    private func hall(
        _ rankCount: Int, job: UInt64 = 100, _ change: (inout StageWish) -> Void = { _ in }
    ) throws -> Hall {
        var wish = try Samples.wish("s")
        change(&wish)
        var hall = Hall(wish, rankCount: rankCount, job: job)
        hall.grantsClaims = false
        for rank in 0..<Int32(rankCount) {
            let sight = rank == 0 ? Samples.sight(5) : nil
            try hall.survey(Samples.survey("\(rank)", [sight], to: "/scratch/\(rank)"), from: rank)
        }
        _ = hall.drain()
        try hall.list(
            try Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        return hall
    }

    private func paths(_ hall: Hall) -> [String] {
        (hall.coordinator.plan?.orders ?? [:]).sorted { $0.key < $1.key }.map {
            $0.value.landing?.path ?? ""
        }
    }

    private func claims(_ number: UInt32, _ hall: Hall) -> [Hall.Sent] {
        paths(hall).enumerated().map { .claim(number, $1, to: Int32($0)) }
    }

    private func answer(
        _ hall: inout Hall, _ number: UInt32, _ isFree: Bool, at place: UInt64? = nil,
        from rank: Int32
    ) throws {
        let place = place ?? UInt64(rank)
        try hall.hear(.claimed(number: number, isFree: isFree, place: place), from: rank)
    }

    @Test func ordersComeWhenAllIsFree() throws {
        var hall = try hall(2)
        #expect(hall.coordinator.stage == .claiming)
        #expect(hall.drain() == claims(1, hall))
        try answer(&hall, 1, true, from: 1)
        try answer(&hall, 1, true, from: 1)
        #expect(hall.drain() == [])
        try answer(&hall, 1, true, from: 0)
        #expect(hall.coordinator.stage == .over && hall.coordinator.waitsFor == nil)
        #expect(hall.drain().count == 2)
    }

    /// The only rank that sees the source falls silent while the destinations are claimed: there is
    /// no job, and no plan of one.
    @Test func aPlanThatLostItsSourceIsNone() throws {
        var hall = try hall(3)
        for rank: Int32 in 1...2 { try answer(&hall, 1, true, from: rank) }
        try hall.pass(.seconds(11), alive: [1, 2])
        #expect(hall.coordinator.stage == .over)
        #expect(hall.coordinator.refusal == .nowhere(source: "s"))
        #expect(hall.coordinator.plan == nil)
    }

    /// It proves that it lives, and answers nothing.
    @Test func aRankThatDoesNotAnswerIsLeftOutAfterALease() throws {
        var hall = try hall(3)
        for rank: Int32 in 0...1 { try answer(&hall, 1, true, from: rank) }
        for _ in 0..<4 { try hall.pass(.seconds(2), alive: [0, 1, 2]) }
        #expect(hall.coordinator.stage == .claiming && hall.coordinator.unresponsive == [])
        for _ in 0..<3 { try hall.pass(.seconds(2), alive: [0, 1, 2]) }
        #expect(hall.coordinator.unresponsive == [Rank(2)])
        try hall.list(
            try Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        for rank: Int32 in 0...1 { try answer(&hall, 2, true, from: rank) }
        #expect(hall.coordinator.stage == .over)
        #expect(hall.coordinator.plan?.unordered(of: 3) == [Rank(2)])
    }

    @Test func nothingIsKeptWhileOneIsTaken() throws {
        var hall = try hall(3)
        _ = hall.drain()
        try answer(&hall, 1, false, from: 2)
        try answer(&hall, 1, true, from: 0)
        #expect(hall.drain() == [])
        try answer(&hall, 1, true, from: 1)
        #expect(hall.drain() == (0..<3).map { .release(to: $0) })
        #expect(hall.coordinator.waitsFor == .init(rank: Rank(2), path: paths(hall)[2]))
        try hall.pass(.milliseconds(1))
        #expect(hall.drain() == [])
        try hall.pass(.seconds(6), alive: [0, 1, 2])
        #expect(hall.drain().suffix(3) == claims(2, hall)[...])
        // Late answers are to the last question.
        for rank: Int32 in 0..<3 { try answer(&hall, 1, true, from: rank) }
        #expect(hall.coordinator.stage == .claiming)
        for rank: Int32 in 0..<3 { try answer(&hall, 2, true, from: rank) }
        #expect(hall.coordinator.stage == .over && hall.coordinator.plan != nil)
    }

    @Test func aJobThatDoesNotWaitIsRefusedAtOnce() throws {
        var hall = try hall(2) { $0.patience = .zero }
        _ = hall.drain()
        let path = paths(hall)[1]
        try answer(&hall, 1, true, from: 0)
        try answer(&hall, 1, false, from: 1)
        #expect(hall.coordinator.stage == .over && hall.coordinator.plan == nil)
        #expect(hall.coordinator.refusal == .busy(Rank(1), path: path))
        #expect(
            hall.drain() == [.release(to: 0), .release(to: 1)] + [0, 1].map { .order([], to: $0) })
    }

    /// Two ranks of one host whose paths lead to one place would wait for each other for ever.
    @Test(arguments: [("one", 7, true), ("one", 8, false), ("two", 7, false)])
    func aJobDoesNotWaitForItself(host: String, place: UInt64, begins: Bool) throws {
        var hall = Hall(try Samples.wish("s"), rankCount: 2)
        hall.grantsClaims = false
        for (rank, name) in [(Int32(0), "one"), (1, host)] {
            let sight = rank == 0 ? Samples.sight(5) : nil
            try hall.survey(Samples.survey(name, [sight], to: "/\(rank)"), from: rank)
        }
        try hall.list(
            try Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        try answer(&hall, 1, false, at: 7, from: 0)
        #expect(hall.coordinator.stage == .claiming)
        try answer(&hall, 1, true, at: place, from: 1)
        #expect(hall.coordinator.stage == (begins ? .over : .claiming))
        #expect((hall.coordinator.waitsFor == nil) == begins)
    }

    @Test func patienceEnds() throws {
        var hall = try hall(1) { $0.patience = .seconds(9) }
        var number: UInt32 = 1
        while hall.coordinator.stage == .claiming, number < 100 {
            try answer(&hall, number, false, from: 0)
            while hall.coordinator.stage == .claiming, hall.coordinator.claims.number == number {
                try hall.pass(.milliseconds(500), alive: [0])
            }
            number += 1
        }
        #expect(hall.now >= .zero + .seconds(9) && hall.now < .zero + .seconds(10))
        guard case .busy = hall.coordinator.refusal else {
            Issue.record("it is not refused")
            return
        }
    }

    /// A rank that dies while the job waits is left out, and what the others have is claimed again.
    @Test func aRankThatDiesHoldsUpNobody() throws {
        var hall = try hall(3)
        _ = hall.drain()
        try answer(&hall, 1, true, from: 0)
        try answer(&hall, 1, true, from: 1)
        try hall.pass(.seconds(6), alive: [0, 1])
        try hall.pass(.seconds(6), alive: [0, 1])
        try hall.list(
            try Samples.encoded([Samples.folder("s"), Samples.file("s/a")]), from: 0)
        #expect(hall.coordinator.claims.ranks == [Rank(0), Rank(1)])
        let number = hall.coordinator.claims.number
        for rank: Int32 in 0..<2 { try answer(&hall, number, true, from: rank) }
        #expect(hall.coordinator.stage == .over && hall.coordinator.plan?.orders[Rank(2)] == nil)
    }

    /// Jobs that hear of their destinations in any order: each of them begins in the end, and one
    /// after the other.
    @Test(arguments: 0..<20)
    func jobsThatCollideAllBegin(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var jobs = try (0..<3).map { try hall(3, job: seed * 100 + $0) }
        var owners: [String: Int] = [:]
        var questions: [(job: Int, rank: Int32, sent: Hall.Sent)] = []
        var ends: [Int: Tick] = [:]
        var finished: Set<Int> = []
        for _ in 0..<20_000 where finished.count < 3 {
            for job in jobs.indices {
                for sent in jobs[job].drain() { questions.append((job, 0, sent)) }
            }
            if !questions.isEmpty {
                // Of one job to one rank they arrive in order.
                let picked = chance.below(questions.count)
                let job = questions[picked].job
                let place = questions.firstIndex { $0.job == job } ?? picked
                switch questions.remove(at: place).sent {
                case .claim(let number, let path, let rank):
                    let isFree = owners[path] == nil || owners[path] == job
                    if isFree { owners[path] = job }
                    try answer(&jobs[job], number, isFree, from: rank)
                case .release(let rank):
                    let path = paths(jobs[job])[Int(rank)]
                    if owners[path] == job { owners[path] = nil }
                case .order:
                    #expect(owners.count == 3 && owners.values.allSatisfy { $0 == job })
                    ends[job] = jobs[job].now + .seconds(5)
                case .alive, .list: break
                }
                continue
            }
            for job in jobs.indices {
                try jobs[job].pass(.milliseconds(50), alive: [0, 1, 2])
                guard let end = ends[job], jobs[job].now >= end else { continue }
                finished.insert(job)
                owners = owners.filter { $0.value != job }
            }
        }
        #expect(finished == [0, 1, 2])
    }
}
