/// A rank of a job of this user, and the socket at which it listens on this machine.
package struct ControlPlace: Equatable, Sendable {
    package let job: String
    package let rank: Int
    package let path: String

    /// The places of all jobs, sorted by name and rank.
    package static func all(
        runtimeFolder: String?, temporaryFolder: String = "/tmp"
    ) throws(ControlError) -> [ControlPlace] {
        var found: [ControlPlace] = []
        let folders = try ControlFolder.all(
            runtimeFolder: runtimeFolder, temporaryFolder: temporaryFolder)
        for folder in folders {
            for place in try folder.places()
            where !found.contains(where: { $0.job == place.job && $0.rank == place.rank }) {
                found.append(place)
            }
        }
        return found.sorted { ($0.job, $0.rank) < ($1.job, $1.rank) }
    }
}
