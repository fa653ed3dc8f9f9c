import Vocabulary
import Wire

extension Groups {
    private static var contentsPerMessage: Int { Head.tailMax / 16 }

    /// Informs the other trackers that no peer of this group has these contents any more.
    func announce(withdrawn contents: [ContentID], _ effects: inout Effects<TrackerEffect>) {
        guard rows.count > 1 else { return }
        for start in stride(from: 0, to: contents.count, by: Self.contentsPerMessage) {
            let page = contents[start..<min(contents.count, start + Self.contentsPerMessage)]
            let tail = effects.tail { bytes in
                for content in page { bytes.write(content) }
            }
            let message = OverlayMessage.withdrawn(count: UInt32(page.count))
            for tracker in living {
                effects.append(.send(.overlay(message), tail, to: tracker))
            }
        }
    }
}
