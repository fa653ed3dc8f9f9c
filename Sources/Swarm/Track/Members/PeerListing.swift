package import Vocabulary
import Wire

/// The files that a peer has listed: those that it wants, and those that it is still digesting.
/// (The files that it has are in the catalog.) A peer that was lost starts with an empty listing.
package struct PeerListing: Sendable {
    package internal(set) var wants: [RelativePath] = []
    /// Whether the list is complete, so that the peer's wants are known.
    package internal(set) var isComplete = false
    /// Whether the peer has announced the files that were in its folders when it began.
    var hasLooked = false
    /// The files that the peer has found and is still digesting.
    private(set) var reading: [RelativePath: ByteCount] = [:]
    /// The number of entries in the peer's lists, repeats included, so that the limit holds for any
    /// lists.
    private(set) var entryCount = 0
    /// The number of the next page.
    private var nextPage: UInt32 = 0

    /// Returns false for a page whose predecessors are missing: they were lost with a lease, or
    /// another tracker repeats the list.
    mutating func begin(page: UInt32) -> Bool {
        guard page == 0 || page == nextPage else { return false }
        if page == 0 { wants = [] }
        nextPage = page &+ 1
        return true
    }

    /// Returns false for an entry beyond the limit, which is ignored.
    mutating func note(_ entry: FileListEntry, atMost most: Int) -> Bool {
        switch entry {
        case .owned, .wanted, .described, .reading:
            guard entryCount < most else { return false }
            entryCount += 1
        case .host, .gone, .notReading: break
        }
        switch entry {
        case .owned(let name, _, _, _, _), .described(let name, _, _, _, _): endsReading(name)
        case .wanted(let name): wants.append(name)
        case .host: break
        case .gone: entryCount = max(0, entryCount - 1)
        case .reading(let name, let size):
            endsReading(name)
            reading[name] = size
        case .notReading(let name): endsReading(name)
        }
        return true
    }

    /// Removes the entry of a file that is no longer being digested.
    private mutating func endsReading(_ name: RelativePath) {
        if reading.removeValue(forKey: name) != nil { entryCount -= 1 }
    }
}
