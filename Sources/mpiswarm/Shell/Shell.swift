import CommandLine
import Control
import Glibc
import Vocabulary

/// `mpiswarm shell`: a conversation with one rank of a job.
struct Shell {
    private let options: ShellOptions

    init(_ options: ShellOptions) { self.options = options }

    func talk() -> Int32 {
        do throws(ShellError) {
            let place = try socket()
            var talk = try ShellTalk(with: place.path, isJSON: options.json)
            if options.commands.isEmpty, !options.json, isatty(STDIN_FILENO) == 1 {
                return try ShellScreen(job: place.job, rank: place.rank).talk(&talk)
            }
            return try plain(&talk)
        } catch {
            say("mpiswarm: shell: \(harmless(error.sentence))\n", on: .error)
            return error.exitCode
        }
    }

    /// The socket of the chosen rank.
    private func socket() throws(ShellError) -> ControlPlace {
        let places: [ControlPlace]
        do throws(ControlError) {
            places = try ControlPlace.all(runtimeFolder: environmentVariable("XDG_RUNTIME_DIR"))
        } catch { throw .control(error) }
        let chosen = try choose(grouped(places))
        let rank = options.rank ?? chosen.places[0].rank
        guard let place = chosen.places.first(where: { $0.rank == rank }) else {
            throw .noRank(rank, job: chosen.job, ranks: chosen.places.map(\.rank))
        }
        return place
    }

    private func choose(
        _ jobs: [(job: String, places: [ControlPlace])]
    ) throws(ShellError) -> (job: String, places: [ControlPlace]) {
        if let name = options.job {
            guard let found = jobs.first(where: { $0.job == name }) else {
                throw .noJob(name, jobs: jobs.map(\.job))
            }
            return found
        }
        guard let first = jobs.first else { throw .nothingRuns }
        guard jobs.count == 1 else { throw .severalJobs(jobs.map(\.job)) }
        return first
    }

    /// Carries out commands from the command line or from standard input, in order. It continues
    /// after a failure, and its exit code is the worst of all.
    private func plain(_ talk: inout ShellTalk) throws(ShellError) -> Int32 {
        var exitCode: Int32 = 0
        for line in options.commands { exitCode = max(exitCode, try follow(line, &talk)) }
        guard options.commands.isEmpty else { return exitCode }
        while let line = readLine() {
            if controlWords(line)?.first?.lowercased() == "exit" { break }
            exitCode = max(exitCode, try follow(line, &talk))
        }
        return exitCode
    }

    /// A line that is no command is bad input, which the rank explains; a command without success
    /// is a failure.
    private func follow(
        _ line: String, _ talk: inout ShellTalk
    ) throws(ShellError) -> Int32 {
        guard try !talk.follow(line) else { return 0 }
        return ShellTalk.isCommand(line) ? 1 : UsageError.exitStatus
    }
}
