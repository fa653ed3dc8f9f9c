import Vocabulary

/// The ranks of one host, in order, and the space that was granted to them.
struct RoomGroup {
    var members: [RoomMember]
    private(set) var isDecided = false
    private var devices: [Device] = []

    private struct Device {
        let number: UInt64
        var taken: Int64 = 0
        /// The lowest free space that any of the granted members saw.
        var available = Int64.max
    }

    init(_ ranks: [Rank]) { members = ranks.map { RoomMember($0) } }

    /// Notes a measurement. A repeated one changes nothing: its sender has missed the answer.
    mutating func measured(
        _ row: Int, _ content: ContentID, _ need: RoomNeed, contentCount: Int
    ) -> [RoomBook.Verdict] {
        let isAgain = members[row].needs.contains { $0.content == content }
        if isAgain { return members[row].verdict(on: content).map { [$0] } ?? [] }
        members[row].measured(content, need, contentCount: contentCount)
        return decide(contentCount: contentCount)
    }

    mutating func decide(contentCount: Int) -> [RoomBook.Verdict] {
        if !isDecided {
            guard members.allSatisfy({ $0.isGone || $0.needs.count == contentCount }) else {
                return []
            }
            isDecided = true
        }
        var verdicts: [RoomBook.Verdict] = []
        for index in members.indices {
            let member = members[index]
            guard !member.isGone, member.judgement == nil, member.needs.count == contentCount
            else { continue }
            let others = member.device.map { taken(on: $0) } ?? 0
            let isFitting =
                member.device.map { grant(member.needed, member.available, on: $0) } ?? true
            members[index].judgement = (others, isFitting)
            verdicts += member.needs.compactMap { members[index].verdict(on: $0.content) }
        }
        return verdicts
    }

    private func taken(on device: UInt64) -> Int64 {
        devices.first { $0.number == device }?.taken ?? 0
    }

    /// Grants space to a member. Returns false if it does not fit.
    private mutating func grant(_ needed: Int64, _ available: Int64, on device: UInt64) -> Bool {
        let place: Int
        if let known = devices.firstIndex(where: { $0.number == device }) {
            place = known
        } else {
            place = devices.count
            devices.append(Device(number: device))
        }
        let free = min(devices[place].available, available)
        let (sum, isTooMuch) = devices[place].taken.addingReportingOverflow(needed)
        guard !isTooMuch, sum <= free else { return false }
        devices[place].taken = sum
        devices[place].available = free
        return true
    }

    func checkInvariants() {
        for device in devices {
            precondition(device.taken <= device.available, "more was granted than is free")
        }
    }
}
