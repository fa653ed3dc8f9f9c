@testable import CommandLine

/// A command with one option and operand of every kind, so that the tests do not depend on which
/// kinds the real commands happen to use.
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

    static let table = CommandTable<ProbeOptions>(
        name: "probe", summary: "Try every kind of argument.", example: "mpiswarm probe a b",
        operands: [
            .one("TARGET", .folder, into: \.target, "the first one"),
            .oneOrMore("FILE", .file, into: \.files, "all the others"),
        ],
        options: [
            .value("size", "SIZE", .size, into: \.size, "A size."),
            .value("wait", "DURATION", .duration, into: \.wait, "A duration."),
            .value("count", "N", .number(-5...100), into: \.count, "A number."),
            .value("mode", "MODE", .choice(of: Mode.self), into: \.mode, "A choice."),
            .value("log", "FILE", .file, into: \.log, default: "no log", "A path.").orShort("l"),
            .values("tier", "URLS", .tier, into: \.tiers, default: "none", "A list."),
            .flag("loud", into: \.loud, "A flag."),
        ])

    func outcome(in program: Program) -> Outcome { .answer("\(self)") }
}

let program = Program(version: "9.8.7", commands: Command.all + [Command(ProbeOptions.self)]) {
    "Some MPI v1\nBuilt on a Tuesday"
}

/// What the words after `mpiswarm probe` come to, or nothing where they ask for help.
func probe(_ words: String...) throws(UsageError) -> ProbeOptions? {
    guard case .options(let options) = try ProbeOptions.table.parse(words) else { return nil }
    return options
}
