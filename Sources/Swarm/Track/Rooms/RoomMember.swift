import Vocabulary

/// A rank that writes copies, and what they need.
struct RoomMember {
    let rank: Rank
    private(set) var needs: [(content: ContentID, need: RoomNeed)] = []
    var isGone = false
    /// What others of its host need of its device, and whether it fits beside that; nil while it
    /// is not known.
    var judgement: (others: Int64, isFitting: Bool)?

    init(_ rank: Rank) { self.rank = rank }

    mutating func measured(_ content: ContentID, _ need: RoomNeed, contentCount: Int) {
        guard needs.count < contentCount, !needs.contains(where: { $0.content == content })
        else { return }
        needs.append((content, need))
    }

    func verdict(on content: ContentID) -> RoomBook.Verdict? {
        guard let judgement, let row = needs.first(where: { $0.content == content }) else {
            return nil
        }
        return RoomBook.Verdict(
            rank: rank, content: content,
            taken: ByteCount(judgement.others.saturatedSum(needed - row.need.needed.raw)),
            isGranted: judgement.isFitting)
    }

    /// All of it lies in one folder, and so on one device.
    var device: UInt64? { needs.first { $0.need.needed > .zero }?.need.device }

    var needed: Int64 {
        needs.reduce(0) { $0.saturatedSum($1.need.needed.raw) }
    }

    /// The least that it saw.
    var available: Int64 {
        needs.filter { $0.need.needed > .zero }.map(\.need.available.raw).min() ?? .max
    }
}

extension Int64 {
    /// Anybody may say any number.
    func saturatedSum(_ other: Int64) -> Int64 {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }
}
