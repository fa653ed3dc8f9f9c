import Testing
import Vocabulary

@testable import Swarm

/// The neighbours that are served for what they gave, and the optimistic one.
struct TitForTatTests {
    /// Links and a choker that takes its decisions over them.
    private struct Court {
        var links: [LinkRow]
        var choker: TitForTat
        var chance: Chance

        init(
            _ count: Int, preferredMax: Int, optimistic: Int = 10, seed: UInt64 = 1,
            stays: Bool = false
        ) {
            var rules = UploaderRules(tracker: .first)
            rules.preferredMax = preferredMax
            rules.optimisticStays = stays
            rules.optimisticUnchokingInterval = .seconds(optimistic)
            choker = TitForTat(rules)
            chance = Chance(seed: seed)
            links = (0..<count).map { LinkRow(rank: Rank(Int32($0 + 1)), isChoked: true) }
            for link in links.indices { links[link].interests = 1 }
        }

        /// Nil where no review was due.
        mutating func review(at seconds: Double, isComplete: Bool = false) -> [Int]? {
            let now = Tick.zero + .milliseconds(Int(seconds * 1000))
            let served = choker.review(
                &links, isComplete: isComplete, now: now, chance: &chance)
            guard let served else { return nil }
            for link in links.indices { links[link].isChoked = !served.contains(link) }
            return served
        }
    }

    /// Thirty virtual minutes, 180 turns, 20 idle neighbours: nine turns each.
    @Test(arguments: UInt64(1)...5)
    func turnsAreSharedOutEvenly(seed: UInt64) {
        var court = Court(20, preferredMax: 0, seed: seed)
        var turns: [Int] = []
        for review in 0..<180 {
            let served = court.review(at: Double(review * 10))
            #expect(served?.count == 1)
            turns += served ?? []
        }
        // No neighbour twice before every one once, all the way through.
        for start in stride(from: 0, to: 180, by: 20) {
            #expect(Set(turns[start..<start + 20]).count == 20)
        }
        for link in 0..<20 { #expect(turns.count { $0 == link } == 9) }
    }

    /// If the only one that waits were choked, the place would be empty for an interval.
    @Test func theOptimisticNeighbourStaysWhileNoOtherWaits() {
        var court = Court(1, preferredMax: 0, stays: true)
        for review in 0..<5 { #expect(court.review(at: Double(review * 10)) == [0]) }
        court.links[0].interests = 0
        #expect(court.review(at: 50) == [])
    }

    @Test func theOrderOfTurnsDependsOnTheSeed() {
        var orders: Set<[Int]> = []
        for seed in UInt64(0)..<30 {
            var court = Court(6, preferredMax: 0, seed: seed)
            orders.insert((0..<6).flatMap { court.review(at: Double($0 * 10)) ?? [] })
        }
        #expect(orders.count > 20)
    }

    @Test func theNeighboursThatGaveMostArePreferred() {
        var court = Court(8, preferredMax: 3)
        for (link, bytes) in [5, 90, 0, 70, 1, 80, 60, 2].enumerated() {
            court.links[link].received = bytes
        }
        let served = court.review(at: 0) ?? []
        #expect(served.count == 4)
        #expect(Set(served.prefix(3)) == [1, 3, 5])
        #expect(![1, 3, 5].contains(served[3]), "one more, which gave little")
    }

    @Test func aNeighbourThatLacksNothingIsNotServed() {
        var court = Court(6, preferredMax: 2)
        for link in 0..<6 { court.links[link].received = 10 * (6 - link) }
        for link in [0, 1, 4] { court.links[link].interests = 0 }
        for review in 0..<20 {
            let served = court.review(at: Double(review * 10)) ?? []
            #expect(Set(served).isDisjoint(with: [0, 1, 4]))
            for link in 0..<6 { court.links[link].received = 10 * (6 - link) }
        }
    }

    /// Six neighbours gave the same: over many seeds, each is among the two chosen about as often.
    @Test(arguments: [false, true])
    func tiesAreRandom(isComplete: Bool) {
        var counts = [Int](repeating: 0, count: 6)
        for seed in UInt64(0)..<600 {
            var court = Court(6, preferredMax: 2, seed: seed)
            // A rank that has everything owes nothing to any neighbour.
            for link in 0..<6 { court.links[link].received = isComplete ? link : 7 }
            let served = court.review(at: 0, isComplete: isComplete) ?? []
            for link in served.prefix(2) { counts[link] += 1 }
        }
        #expect(counts.reduce(0, +) == 1200)
        #expect(counts.allSatisfy { (140...260).contains($0) }, "\(counts)")
    }

    @Test func reviewsAreDueAtTheirTimesOnly() {
        var court = Court(5, preferredMax: 1)
        #expect(court.choker.nextReview == .zero)
        #expect(court.review(at: 0) != nil)
        for early in [0, 1, 5, 9.999] { #expect(court.review(at: early) == nil) }
        #expect(court.choker.nextReview == .zero + .seconds(10))
        #expect(court.review(at: 10) != nil)
        // Late, by many intervals: one review, and the next one an interval from it.
        #expect(court.review(at: 107) != nil)
        #expect(court.review(at: 107) == nil)
        #expect(court.choker.nextReview == .zero + .seconds(117))
    }

    @Test func theOptimisticNeighbourStaysForItsOwnInterval() {
        var court = Court(9, preferredMax: 2, optimistic: 30)
        var extras: [Int] = []
        for review in 0..<9 {
            for link in 0..<2 { court.links[link].received = 10 }
            let served = court.review(at: Double(review * 10)) ?? []
            #expect(served.count == 3)
            extras.append(served[2])
        }
        for start in stride(from: 0, to: 9, by: 3) {
            #expect(Set(extras[start..<start + 3]).count == 1)
        }
        #expect(Set(extras).count == 3)
    }

    /// Otherwise a neighbour that gives between two reviews of the preferred would get nothing for
    /// it.
    @Test func bytesGivenCountUntilTheNextReviewOfThePreferred() {
        var court = Court(4, preferredMax: 1, optimistic: 7)
        _ = court.review(at: 0)
        court.links[2].received = 100
        _ = court.review(at: 7)
        court.links[3].received = 10
        #expect(court.review(at: 10)?.first == 2)
        #expect(court.links.allSatisfy { $0.received == 0 })
    }

    /// The first review may find no neighbour.
    @Test func aNewcomerBetweenTwoReviewsGetsAFreePlace() {
        var court = Court(5, preferredMax: 2)
        for link in 0..<5 { court.links[link].interests = 0 }
        #expect(court.review(at: 0) == [])
        var servedCounts: [Int] = []
        for link in 0..<5 {
            court.links[link].interests = 1
            court.choker.interestChanged()
            servedCounts.append(court.review(at: 0.1 * Double(link))?.count ?? 0)
        }
        #expect(servedCounts == [1, 2, 3, 3, 3])
    }

    /// It may want something again soon, and partners do not change with every piece.
    @Test func aNeighbourThatWantsNothingKeepsItsPlaceUntilTheNextReview() {
        var court = Court(6, preferredMax: 2)
        let served = court.review(at: 0) ?? []
        for link in served {
            court.links[link].interests = 0
            court.choker.interestChanged()
            #expect(court.choker.nextReview == .zero)
            #expect(court.review(at: 1) == served)
        }
        #expect(court.choker.nextReview == .zero + .seconds(10))
        #expect(Set(court.review(at: 10) ?? []).isDisjoint(with: served))
    }

    /// Any changes at any time: never more than k and one, none twice, only interested ones.
    @Test(arguments: UInt64(1)...20)
    func neverMoreThanAllowedAreServed(seed: UInt64) {
        var chance = Chance(seed: seed)
        let preferredMax = chance.below(5)
        var court = Court(1 + chance.below(12), preferredMax: preferredMax, optimistic: 15)
        var now = 0.0
        for _ in 0..<300 {
            now += Double(chance.below(80)) / 10
            let link = chance.below(court.links.count)
            court.links[link].received += chance.below(1000)
            court.links[link].interests = chance.below(3)
            if chance.below(2) == 0 { court.choker.interestChanged() }
            if chance.below(20) == 0 {
                let rank = Rank(Int32(court.links.count + 1))
                court.links.append(LinkRow(rank: rank, isChoked: true))
            }
            guard let served = court.review(at: now, isComplete: seed % 2 == 0) else { continue }
            #expect(served.count <= preferredMax + 1)
            #expect(Set(served).count == served.count)
            #expect(served.prefix(preferredMax).allSatisfy { court.links.indices.contains($0) })
        }
    }

    @Test func aNewcomerHasItsTurnWithinARound() {
        for seed in UInt64(0)..<20 {
            var court = Court(10, preferredMax: 0, seed: seed)
            for review in 0..<13 { _ = court.review(at: Double(review * 10)) }
            var newcomer = LinkRow(rank: Rank(11), isChoked: true)
            newcomer.interests = 1
            court.links.append(newcomer)
            let turns = (13..<24).flatMap { court.review(at: Double($0 * 10)) ?? [] }
            #expect(turns.contains(10))
        }
    }
}
