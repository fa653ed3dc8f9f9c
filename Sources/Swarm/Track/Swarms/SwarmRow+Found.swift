import Vocabulary
import Wire

extension SwarmRow {
    /// This group's knowledge of the content, for a tracker that asked for it by that name.
    func found(as name: RelativePath) -> FoundSwarm {
        var found = FoundSwarm(
            name: name, size: size, pieces: pieces, lowestOwner: names.lowestOwner(as: name))
        found.isAlive = isAliveHere
        found.publisher = publisher
        found.hasReader = reader != nil
        found.seal = seal ?? []
        for member in members.prefix(MemberList.countMax) {
            if member.isSeed {
                found.members.seeds.append(member.rank)
            } else {
                found.members.peers.append(member.rank)
            }
        }
        var lacking: UInt64?
        var isCommon = true
        for member in waiting {
            guard let stall = member.stall else {
                found.isActive = true
                continue
            }
            found.isStalled = true
            isCommon = isCommon && (lacking ?? stall.fingerprint) == stall.fingerprint
            lacking = stall.fingerprint
        }
        found.fingerprint = isCommon ? lacking : nil
        return found
    }
}
