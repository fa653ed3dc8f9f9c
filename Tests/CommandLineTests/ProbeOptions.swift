@testable import CommandLine

/// A command with one option and operand of every kind, so that the tests do not depend on the
/// options of the real commands.
struct ProbeOptions: CommandOptions {
    enum Mode: String, CaseIterable, Sendable {
        case ring
        case full
    }

    var target = ""
    var files: [String] = []
    var size = Size(bytes: 64 << 10)
    var wait = Duration.milliseconds(200)
    var count = 3
    var mode = Mode.ring
    var log: String?
    var tiers: [[String]] = []
    var loud = false
    var quick = false
    var polite = true

    static let table = CommandTable<ProbeOptions>(
        name: "probe", summary: "Try every kind of argument.", example: "mpiswarm probe a b",
        operands: [
            .one("TARGET", .folder, into: \.target, "the first one"),
            .oneOrMore("FILE", .file, into: \.files, "all the others"),
        ],
        options: [
            .what: [
                .value("size", "SIZE", .size, into: \.size, "A size."),
                .value("wait", "DURATION", .duration, into: \.wait, "A duration."),
                .value("count", "N", .number(-5...100), into: \.count, "A number."),
            ],
            .how: [
                .value("mode", "MODE", .choice(of: Mode.self), into: \.mode, "A choice.")
                    .orNo("ring"),
                .value("log", "FILE", .file, into: \.log, default: "no log", "A path.")
                    .orShort("l"),
                .values("tier", "URLS", .tier, into: \.tiers, "A list."),
            ],
            .output: [
                .flag("loud", into: \.loud, "A switch.").orShort("d"),
                .flag("quick", into: \.quick, "Another switch.").orShort("q"),
                .flag("polite", into: \.polite, "Skip the greeting."),
            ],
        ],
        exits: "it was tried", or: "it was not")

    func outcome(in program: Program) -> Outcome { .answer("\(self)") }
}

let program = Program(
    version: "9.8.7", date: "May 1, 2026", commands: Command.all + [Command(ProbeOptions.self)]
) {
    [
        LibraryVersion(
            name: "MPI", found: "Some MPI v1, built\non a Tuesday", builtFor: "Some MPI 0.9"),
        LibraryVersion(name: "PMIx", found: "4.2 (of 2022)"),
        LibraryVersion(name: "other", found: ""),
    ]
}

/// The options of `mpiswarm probe` with these words, or nothing where they ask for help.
func probe(_ words: String...) throws(UsageError) -> ProbeOptions? {
    guard case .options(let options) = try ProbeOptions.table.parse(words) else { return nil }
    return options
}
