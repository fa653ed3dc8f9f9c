import Vocabulary

/// A rank that writes copies, and the space that each of them needs.
struct RoomMember {
    let rank: Rank
    private(set) var needs: [(content: ContentID, need: RoomNeed)] = []
    var isGone = false
    /// The space that other members need on the same device, and whether this member's need fits
    /// beside that; nil until the group is decided.
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

    /// The device of the member: all copies of a rank lie in one folder.
    var device: UInt64? { needs.first { $0.need.needed > .zero }?.need.device }

    var needed: Int64 {
        needs.reduce(0) { $0.saturatedSum($1.need.needed.raw) }
    }

    /// The lowest free space that the member has measured.
    var available: Int64 {
        needs.filter { $0.need.needed > .zero }.map(\.need.available.raw).min() ?? .max
    }
}

extension Int64 {
    /// A sum that cannot overflow, because peers may send any number.
    func saturatedSum(_ other: Int64) -> Int64 {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }
}
