/// `mpiswarm check-logs DIR`
package struct CheckLogsOptions: CommandOptions {
    package var directory = ""
    package var config: String?
    package var isStrict = false

    package init() {}

    package static let table = CommandTable<CheckLogsOptions>(
        name: "check-logs",
        summary: "Check the logs of 'run', or those of similar programs.",
        example: "mpiswarm check-logs out --config inputs/choking-five",
        operands: [
            .one(
                "DIR", .folder, into: \.directory,
                "folder with the logs: log_peer_<id>.log or similar names")
        ],
        options: [
            .what: [
                .value(
                    "config", "FOLDER", .folder, into: \.config, default: "DIR, if they are there",
                    "Folder with Common.cfg, PeerInfo.cfg, or one of them.")
            ],
            .how: [
                .flag(
                    "strict", into: \.isStrict,
                    "Accept the exact sentences only, and end at the first broken rule.")
            ],
        ],
        exits: "every rule holds", or: "a rule is broken")

    package func outcome(in program: Program) -> Outcome { .request(.checkLogs(self)) }
}
