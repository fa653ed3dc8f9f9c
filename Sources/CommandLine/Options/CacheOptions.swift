/// `mpiswarm cache ACTION [DIR[:SIZE]]`
package struct CacheOptions: CommandOptions {
    package enum Action: String, CaseIterable, Sendable {
        case list
        case verify
        case prune
        case path
    }

    package var action = Action.list
    package var place: CachePlace?

    package init() {}

    /// The variable that `stage` takes the same value from.
    package static let variable = "MPISWARM_STAGE_CACHE"

    package static let table = CommandTable<CacheOptions>(
        name: "cache",
        summary: "List, verify or shrink the cache of 'stage --cache' on this machine.",
        example: "mpiswarm cache prune /local/ada/cache:100G",
        operands: [
            .one(
                "ACTION", .choice(of: Action.self), into: \.action,
                "list the contents; verify their bytes; prune the cache "
                    + "to SIZE, or to what running jobs use; print its path"),
            .optional(
                "DIR[:SIZE]", .cache, into: \.place,
                "the folder of the cache (default: that of the variable \(variable))"),
        ],
        exits: "all is well", or: "the cache cannot be read or a file was damaged")

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        var options = self
        if place == nil {
            guard let text = program.sources.variable(Self.variable), !text.isEmpty else {
                throw .missingOperand(
                    OperandDescription(
                        metavar: "DIR", kind: .cache, arity: .one,
                        text: "the folder of the cache, unless \(Self.variable) names it"),
                    command: "cache")
            }
            guard let place = CachePlace(text: text) else {
                throw .invalidVariable(
                    Self.variable, text, ValueKind.cache.expectation, command: "cache")
            }
            options.place = place
        }
        try Placeholder.check([options.place?.path], command: "cache")
        return .request(.cache(options))
    }
}
