package import Vocabulary
package import Wire

/// One peer as its tracker knows it.
package struct PeerRow: Sendable {
    /// absent → listing → listed → joined → finished → closed. A peer may be lost at any stage, and
    /// starts again at `listing` when it sends a message.
    package enum Stage: Int, Sendable, CaseIterable {
        case absent = 0
        case listing
        case listed
        case refused
        case joined
        case finished
        case closed
        case lost

        /// Whether it has sent its list, or is gone: the job does not wait for it to join.
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
    /// Whether its list is complete, so that its wants are known.
    package internal(set) var isListed = false
    /// It has announced the files that lay in its folders when it began.
    var hasLooked = false
    /// Files that it has found and is still digesting.
    private(set) var reading: [RelativePath: ByteCount] = [:]
    /// The text of its report of bad input.
    package internal(set) var refusal = ""
    /// The first reason that it gave for its own failure, such as a disk that is too full.
    package internal(set) var trouble = ""
    var warningCount = 0
    package internal(set) var totals = ReportTotals()
    package internal(set) var manifestTotals = ManifestTotals()
    package internal(set) var failures: [ReportEntry] = []
    package internal(set) var links: [ReportEntry] = []
    /// The course of its transfers, where the rules ask for it.
    package internal(set) var timeline: [ReportEntry] = []
    /// The outcomes of its queries, where it only asks.
    package internal(set) var answers: [ReportEntry] = []
    /// A warning that names it has been printed.
    var isAccused = false
    var complaints = Complaints()
    /// The weight of its messages that made no sense to this tracker.
    var senselessCount = 0
    /// Its messages made no sense, and no more of them are read.
    package internal(set) var isExpelled = false
    /// It has everything it wants, or has given the rest up. Survives the loss of its lease,
    /// because the peer may not report it again.
    var isDone = false
    /// The number of entries of its lists, repeats included, so that the limit holds whatever they
    /// contain.
    var entryCount = 0
    /// The next page that is due of its list.
    var nextPage: UInt32 = 0
    var leaseEnd: Tick
    /// The room that its contents need, kept for other trackers that may have to learn it.
    private(set) var needs: [(content: ContentID, need: RoomNeed)] = []

    mutating func note(_ need: RoomNeed, of content: ContentID, atMost most: Int) {
        guard needs.count < most, !needs.contains(where: { $0.content == content }) else { return }
        needs.append((content, need))
    }

    /// The peer starts again, and scans its folders again.
    mutating func forgetLook() {
        hasLooked = false
        reading = [:]
    }

    mutating func reads(_ name: RelativePath, _ size: ByteCount) {
        endsReading(name)
        reading[name] = size
    }

    /// The entry for a file counts only while that file is being digested.
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

    /// Whether the rank is lost, and wanted something or may have.
    package var isLoss: Bool { stage == .lost && (!isListed || wanted > 0) }

    package var isGone: Bool { stage == .closed || stage == .lost }

    /// A report is always complete, so its first page replaces the former report. Returns the
    /// number of entries beyond the limit.
    mutating func addReport(_ entries: [ReportEntry], page: UInt32, atMost most: Int) -> Int {
        if page == 0 {
            failures = []
            links = []
            answers = []
            timeline = []
        }
        var leftOver = 0
        for entry in entries {
            let known = failures.count + links.count + answers.count + timeline.count
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
            case .sample, .turn: timeline.append(entry)
            }
        }
        return leftOver
    }
}
