import Synchronization
import Vocabulary

/// Work on one content in order, by any worker; work on another content does not wait for it.
final class DiskLanes: Sendable {
    private let crew: DiskWorkers
    /// The first job of a lane is under way.
    private let lanes = Mutex<[ContentID: [Turn]]>([:])

    private struct Turn: Sendable {
        let urgency: DiskWorkers.Urgency
        let job: DiskWorkers.Job
    }

    init(_ crew: DiskWorkers) { self.crew = crew }

    func submit(
        _ content: ContentID, _ urgency: DiskWorkers.Urgency = .write,
        _ job: @escaping DiskWorkers.Job
    ) {
        let turn = Turn(urgency: urgency, job: job)
        let isFirst = lanes.withLock { lanes in
            lanes[content, default: []].append(turn)
            return lanes[content]?.count == 1
        }
        if isFirst { go(on: content, with: turn) }
    }

    private func go(on content: ContentID, with turn: Turn) {
        crew.submit(turn.urgency) { [self] in
            turn.job()
            let next = lanes.withLock { lanes in
                lanes[content]?.removeFirst()
                if lanes[content]?.isEmpty == true { lanes[content] = nil }
                return lanes[content]?.first
            }
            if let next { go(on: content, with: next) }
        }
    }
}
