import Synchronization
import Vocabulary

/// What is to be done with one content in order, whichever worker does it; what is done with
/// another does not wait for it.
final class DiskLanes: Sendable {
    private let crew: DiskCrew
    /// The first job of a lane is under way.
    private let lanes = Mutex<[ContentID: [DiskCrew.Job]]>([:])

    init(_ crew: DiskCrew) { self.crew = crew }

    func submit(_ content: ContentID, _ job: @escaping DiskCrew.Job) {
        let isFirst = lanes.withLock { lanes in
            lanes[content, default: []].append(job)
            return lanes[content]?.count == 1
        }
        if isFirst { go(on: content) }
    }

    private func go(on content: ContentID) {
        crew.submit(.write) { [self] in
            lanes.withLock { $0[content]?.first }?()
            let hasMore = lanes.withLock { lanes in
                lanes[content]?.removeFirst()
                if lanes[content]?.isEmpty == true { lanes[content] = nil }
                return lanes[content] != nil
            }
            if hasMore { go(on: content) }
        }
    }
}
