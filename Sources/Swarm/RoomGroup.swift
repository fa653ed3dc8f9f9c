import Vocabulary

/// The members of one host, in the order of their ranks, and what was granted to them.
struct RoomGroup {
    var members: [RoomMember]
    private var isDecided = false
    private var devices: [Device] = []

    private struct Device {
        let number: UInt64
        var taken: Int64 = 0
        /// The least that those who were granted something saw free.
        var available = Int64.max
    }

    init(_ ranks: [Rank]) { members = ranks.map { RoomMember($0) } }

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
            guard !member.isGone, !member.isJudged, member.needs.count == contentCount else {
                continue
            }
            members[index].isJudged = true
            verdicts += judge(member)
        }
        return verdicts
    }

    private mutating func judge(_ member: RoomMember) -> [RoomBook.Verdict] {
        let needed = member.needed
        let others = member.device.map { taken(on: $0) } ?? 0
        let isFitting = member.device.map { grant(needed, member.available, on: $0) } ?? true
        return member.needs.map { content, need in
            RoomBook.Verdict(
                rank: member.rank, content: content,
                taken: ByteCount(others.saturatedSum(needed - need.needed.raw)),
                isGranted: isFitting)
        }
    }

    private func taken(on device: UInt64) -> Int64 {
        devices.first { $0.number == device }?.taken ?? 0
    }

    /// False where it does not fit.
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
