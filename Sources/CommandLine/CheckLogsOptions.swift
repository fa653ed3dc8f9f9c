/// `mpiswarm check-logs DIR`
package struct CheckLogsOptions: CommandOptions {
    package var directory = ""
    package var config: String?

    package init() {}

    package static let table = CommandTable<CheckLogsOptions>(
        name: "check-logs",
        summary: "Check the logs of a choking swarm against its rules.",
        example: "mpiswarm check-logs out --config inputs/choking-five",
        operands: [
            .one("DIR", .folder, into: \.directory, "the folder with the logs log_peer_<id>.log")
        ],
        options: [
            .value(
                "config", "FOLDER", .folder, into: \.config, default: "DIR, where it has them",
                "Take Common.cfg and PeerInfo.cfg from this folder.")
        ])

    package func outcome(in program: Program) -> Outcome { .request(.checkLogs(self)) }
}
