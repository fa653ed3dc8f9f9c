package import Vocabulary
package import Wire

/// What a tracker knows of one peer.
package struct PeerRow: Sendable {
    /// absent → listing → listed → joined → finished → closed; lost from anywhere, and back to
    /// listing when it speaks again.
    package enum Stage: Int, Sendable, CaseIterable {
        case absent = 0
        case listing
        case listed
        case refused
        case joined
        case finished
        case closed
        case lost

        /// It has joined once, as far as it ever will.
        var isIn: Bool {
            switch self {
            case .absent, .listing, .refused: false
            case .listed, .joined, .finished, .closed, .lost: true
            }
        }
    }

    package let rank: Rank
    package internal(set) var stage = Stage.absent
    package internal(set) var wants: [RelativePath] = []
    /// Whether its list is in, so that what it wanted is known.
    package internal(set) var isListed = false
    /// Whether it has announced what lay in its folders when it began.
    var hasLooked = false
    /// Files that it has found, and whose digests it does not know yet.
    private(set) var reading: [RelativePath: ByteCount] = [:]
    /// What it says is wrong with its input.
    package internal(set) var refusal = ""
    /// Why it fails alone, in its own words; the first time that it said so.
    package internal(set) var trouble = ""
    var warningCount = 0
    package internal(set) var totals = ReportTotals()
    package internal(set) var manifestTotals = ManifestTotals()
    package internal(set) var failures: [ReportEntry] = []
    package internal(set) var links: [ReportEntry] = []
    /// How its fetching went on, where that was asked for.
    package internal(set) var chronicle: [ReportEntry] = []
    /// What became of its questions, where it only asks.
    package internal(set) var answers: [ReportEntry] = []
    /// It was named as one that is not to be believed.
    var isAccused = false
    var complaints = Complaints()
    /// How often they made no sense to this tracker.
    var senselessCount = 0
    /// Its messages make no sense, and no more of them are heard.
    package internal(set) var isExpelled = false
    /// It wants nothing more. Outlives a lease, because it may not be said again.
    var isDone = false
    /// Entries of its lists that were taken, repeats included: a limit must not depend on what
    /// they say.
    var entryCount = 0
    /// The page of its list that comes next.
    var nextPage: UInt32 = 0
    var leaseEnd: Tick
    /// What it measured of its contents, kept where another tracker may have to be told.
    private(set) var needs: [(content: ContentID, need: RoomNeed)] = []

    mutating func note(_ need: RoomNeed, of content: ContentID, atMost most: Int) {
        guard needs.count < most, !needs.contains(where: { $0.content == content }) else { return }
        needs.append((content, need))
    }

    /// Another life, which begins with another look.
    mutating func forgetLook() {
        hasLooked = false
        reading = [:]
    }

    mutating func reads(_ name: RelativePath, _ size: ByteCount) {
        endsReading(name)
        reading[name] = size
    }

    /// It counts as an entry of its lists while it lasts.
    mutating func endsReading(_ name: RelativePath) {
        if reading.removeValue(forKey: name) != nil { entryCount -= 1 }
    }

    func presence(awaitsLook: Bool) -> RollEntry.Presence {
        switch stage {
        case .absent, .listing, .listed, .refused: .absent
        case .joined, .finished:
            awaitsLook && !hasLooked ? .looking : reading.isEmpty ? .present : .reading
        case .closed: .left
        case .lost: .lost
        }
    }

    package var wanted: Int { wants.count }

    /// A rank that wanted something, or might have, and did not live to get it.
    package var isLoss: Bool { stage == .lost && (!isListed || wanted > 0) }

    package var isGone: Bool { stage == .closed || stage == .lost }

    /// Every report tells all of it: the first page of a new one takes the place of the last.
    /// Returns how many entries were too many.
    mutating func take(_ entries: [ReportEntry], page: UInt32, atMost most: Int) -> Int {
        if page == 0 {
            failures = []
            links = []
            answers = []
            chronicle = []
        }
        var leftOver = 0
        for entry in entries {
            let known = failures.count + links.count + answers.count + chronicle.count
            guard known < most else {
                leftOver += 1
                continue
            }
            switch entry {
            case .totals(let totals): self.totals = totals
            case .manifests(let totals): manifestTotals = totals
            case .failure: failures.append(entry)
            case .link: links.append(entry)
            case .answer: answers.append(entry)
            case .sample, .turn: chronicle.append(entry)
            }
        }
        return leftOver
    }
}
