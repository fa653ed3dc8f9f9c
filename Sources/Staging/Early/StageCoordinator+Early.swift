import Content
import Swarm
import Vocabulary
import Wire

/// Archives that take time to read, so that their trees travel before they are listed.
extension StageCoordinator {
    /// The answer of a rank that has not read its archive yet; nil if all have listed everything.
    var earlyListing: EarlyListing? {
        get throws(StageError) {
            for (view, listing) in zip(views, listings) {
                do throws(WireError) {
                    guard let found = try EarlyListing(parsing: listing.bytes) else { continue }
                    guard !listing.demandsAll else { throw .malformed }
                    return found
                } catch { throw .badListing(view.lister) }
            }
            return nil
        }
    }

    /// Nil where the plan depends on the entries.
    func plan(_ listing: EarlyListing) throws(StageError) -> StagePlan? {
        guard views.count == 1, wish.sources.count == 1, wish.collecting == nil,
            wish.named.isEmpty, terms.extras != .removed, terms.trackerCount == 1
        else { return nil }
        return try StagePlan(early: listing, wish, surveys: surveys, views[0], terms)
    }

    /// A rank that is asked again lists everything, however long that takes.
    mutating func askForWholeLists(_ effects: inout Effects<StageCoordinatorEffect>) {
        listings = views.map { _ in PageCollector(demandsAll: true) }
        for view in views { askForList(view, &effects) }
    }

    func askForList(
        _ view: SharedView, _ effects: inout Effects<StageCoordinatorEffect>
    ) {
        let message = DownloadMessage.listRequest(source: UInt32(view.source))
        effects.append(.send(.download(message), .none, to: view.lister))
    }
}
