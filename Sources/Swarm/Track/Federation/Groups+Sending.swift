import Vocabulary
import Wire

/// Messages to the root, and warnings, which the root prints for all trackers.
extension Groups {
    /// Sends a message to the root; the root itself does nothing.
    func sendToRoot(
        _ message: GroupMessage, tail: Tail = .none, _ effects: inout Effects<TrackerEffect>
    ) {
        guard !isRoot else { return }
        effects.append(.send(.overlay(.group(message)), tail, to: root))
    }

    /// Makes rank 0 print a warning, whichever tracker it comes from.
    func warn(_ warning: TrackerWarning, _ effects: inout Effects<TrackerEffect>) {
        guard !isRoot else { return effects.append(.order(.warn(warning))) }
        switch warning {
        case .lost(let rank), .died(let rank), .unresponsive(let rank):
            if accounts.place(of: rank) != nil { sendToRoot(.news(of: rank, .lost), &effects) }
        case .returned(let rank):
            if accounts.place(of: rank) != nil { sendToRoot(.news(of: rank, .returned), &effects) }
        case .disagreement(let name, let owners):
            let named = owners.prefix(Self.ownersNamedMax)
            let tail = effects.tail { bytes in
                for owner in named { bytes.write(owner) }
                bytes += name.utf8
            }
            sendToRoot(.disagreement(owners: UInt32(named.count)), tail: tail, &effects)
        // Each tracker prints accusations of its own group.
        case .accused: effects.append(.order(.warn(warning)))
        case .noted(let rank, let words):
            let tail = effects.tail { $0 += words.utf8 }
            sendToRoot(.noted(of: rank), tail: tail, &effects)
        case .parted: break
        }
    }

    private static var ownersNamedMax: Int { 256 }

    /// Prints a disagreement once, although several trackers may notice it.
    mutating func dispute(
        _ name: RelativePath, _ owners: [Rank], _ effects: inout Effects<TrackerEffect>
    ) {
        guard !isRoot || admitDispute(name) else { return }
        warn(.disagreement(name, owners: owners), &effects)
    }

    /// Reports the phase of this group to the root.
    func reportPhase(
        _ members: Membership, sent: OverlayCounts, _ effects: inout Effects<TrackerEffect>
    ) {
        let count = UInt32(members.livingCount)
        switch ownPhase {
        case .working: sendToRoot(.working(peers: count), &effects)
        case .ready: sendToRoot(.ready(peers: count), &effects)
        case .done:
            sendToRoot(.done(peers: count, failed: UInt32(members.count(.lost))), &effects)
        case .closed:
            sendToRoot(
                .closed(
                    queries: UInt32(clamping: sent.queriesSent),
                    hits: UInt32(clamping: sent.hitsSent)), &effects)
        }
    }

    /// The root reports the stage of the job to all other trackers.
    func broadcast(_ stage: Tracker.Stage, _ effects: inout Effects<TrackerEffect>) {
        guard isRoot else { return }
        let lost = lost
        let tail = effects.tail { bytes in
            for rank in lost { bytes.write(rank) }
        }
        let message: GroupMessage =
            switch stage {
            case .gathering: .jobState(.gathering, lost: UInt32(lost.count))
            case .running: .jobState(.running, lost: UInt32(lost.count))
            case .closing: .jobOver
            case .over: .jobClosed
            }
        for tracker in others {
            effects.append(
                .send(
                    .overlay(.group(message)), message.takesTail ? tail : .none, to: tracker))
        }
    }

    /// Informs a root that believes the job to be at an earlier stage than it is.
    func correct(
        _ phase: JobPhase, of rank: Rank, _ stage: Tracker.Stage,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard rank == root else { return }
        switch stage {
        case .running where phase == .gathering:
            sendToRoot(.jobState(.running, lost: 0), &effects)
        case .gathering, .running: break
        case .closing, .over: sendToRoot(.jobOver, &effects)
        }
    }
}
