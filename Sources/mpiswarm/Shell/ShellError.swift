import CommandLine
import Control

/// The reason why a shell cannot begin or continue.
enum ShellError: Error {
    case nothingRuns
    case severalJobs([String])
    case noJob(String, jobs: [String])
    case noRank(Int, job: String, ranks: [Int])
    case control(ControlError)

    var sentence: String {
        switch self {
        case .nothingRuns: "no job of yours can be talked to on this machine"
        case .severalJobs(let jobs):
            "several jobs are running; say --job and one of \(jobs.joined(separator: ", "))"
        case .noJob(let name, let jobs):
            "no job \(name) is running here"
                + (jobs.isEmpty ? "" : "; there is \(jobs.joined(separator: ", "))")
        case .noRank(let rank, let job, let ranks):
            "job \(job) has no rank \(rank) to talk to on this machine; it has "
                + ranks.map { "\($0)" }.joined(separator: ", ")
        case .control(let error): error.sentence
        }
    }

    var exitCode: Int32 {
        switch self {
        case .severalJobs, .noJob, .noRank: UsageError.exitStatus
        case .nothingRuns, .control: 1
        }
    }
}
