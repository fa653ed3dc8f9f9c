import Vocabulary
import Wire

/// The ranks that this rank serves: which they are, the pieces they hold of its contents, and
/// whether they may ask. Messages about a content that is not open yet wait for it.
///
/// Invariant: links and their ranks are in the same order, a link's interests are those of its
/// neighbours' rows, and a vacant content is one that is no longer here.
struct Audience: Sendable {
    let rules: UploaderRules
    var choker: any Choker
    var chance: Chance
    var contents: [ServedContent] = []
    /// The places of contents that are no longer here.
    private var vacant: [Int] = []
    var indexOfContent = ContentIndex()
    var links: [LinkRow] = []
    /// The ranks of `links`.
    var roster = Roster()
    /// The number of links that took less than half of what this rank can send.
    private(set) var slowLinkCount = 0
    /// Requests for tables of contents that are not open yet.
    var earlyTableRequests: [EarlyTableRequest] = []
    /// The pieces of the last choice.
    var chosen: [PieceIndex] = []
    /// Interests in contents that are not open yet.
    var earlyInterests: [EarlyInterest] = []

    init(_ rules: UploaderRules, rank: Rank) {
        self.rules = rules
        chance = Chance(seed: rules.seed &+ UInt64(rank.raw) &* 0xA076_1D64_78BD_642F)
        choker = rules.serving == .titForTat ? TitForTat(rules) : OpenChoker()
    }

    func index(of content: ContentID) -> Int? { indexOfContent[content] }

    func place(of rank: Rank) -> Int? { roster.place(of: rank) }

    subscript(index: Int) -> ServedContent {
        _read { yield contents[index] }
        _modify { yield &contents[index] }
    }

    mutating func mark(_ link: Int, isSlow: Bool) {
        guard links[link].isSlow != isSlow else { return }
        links[link].isSlow = isSlow
        slowLinkCount += isSlow ? 1 : -1
    }

    /// `isIdle` returns true for a place from which nothing is under way any more.
    mutating func add(_ row: ServedContent, where isIdle: (Int) -> Bool) {
        if let index = indexOfContent[row.content] { return refill(index, row.held) }
        let index = takeVacant(isIdle) ?? contents.count
        indexOfContent[row.content] = index
        if index < contents.count { contents[index] = row } else { contents.append(row) }
    }

    /// Removes a content that is no longer held or wanted here.
    mutating func withdraw(_ index: Int) {
        let held = contents[index].held
        var next = held.first()
        while let piece = next {
            _ = contents[index].lost(piece)
            next = held.first(from: piece.position + 1)
        }
        dismissNeighbours(of: index)
        guard !contents[index].isVacant else { return }
        contents[index].isVacant = true
        vacant.append(index)
    }

    private mutating func dismissNeighbours(of index: Int) {
        for place in contents[index].neighbours.indices.reversed() {
            setInterest(contents[index].content, false, of: contents[index].roster[place])
            contents[index].removeNeighbour(place)
        }
    }

    /// Finds a vacant place from which nothing is under way, because a job that runs for weeks sees
    /// many contents. If the former content comes back, ranks have to ask for it again.
    private mutating func takeVacant(_ isIdle: (Int) -> Bool) -> Int? {
        guard let found = vacant.lastIndex(where: isIdle) else { return nil }
        let index = vacant.remove(at: found)
        dismissNeighbours(of: index)
        indexOfContent[contents[index].content] = nil
        return index
    }

    private mutating func refill(_ index: Int, _ held: PieceSet) {
        guard held.capacity == contents[index].geometry.pieceCount else { return }
        if contents[index].isVacant {
            contents[index].isVacant = false
            vacant.removeAll { $0 == index }
        }
        var next = held.first(notIn: contents[index].held)
        while let piece = next {
            _ = contents[index].stored(piece)
            next = held.first(from: piece.position + 1, notIn: contents[index].held)
        }
    }

    func checkInvariants() {
        for row in contents { row.checkInvariants() }
        precondition(
            vacant.sorted() == contents.indices.filter { contents[$0].isVacant },
            "a vacant place drifted")
        precondition(roster.count == links.count, "the links' ranks drifted")
        precondition(
            links.indices.allSatisfy { roster[$0] == links[$0].rank }, "a link's rank drifted")
        for (index, link) in links.enumerated() {
            precondition(link.isChoked || !link.isStuck, "a stuck link may ask")
            let interests = contents.reduce(0) { sum, row in
                sum + row.neighbours.count { $0.link == index && $0.isInterested }
            }
            precondition(interests == link.interests, "interests drifted")
        }
        precondition(links.count { $0.isSlow } == slowLinkCount, "slow links drifted")
    }
}
