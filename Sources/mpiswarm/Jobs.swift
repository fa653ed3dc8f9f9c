import CommandLine
import Control

/// `mpiswarm jobs`
func listJobs(_ options: JobsOptions) -> Int32 {
    do throws(ControlError) {
        let folder = try ControlFolder(runtimeFolder: environmentVariable("XDG_RUNTIME_DIR"))
        for (job, ranks) in grouped(try folder.jobs()) {
            let list = ranks.map { "\($0)" }
            let line =
                options.json
                ? "{\"job\": \(jsonText(job)), \"ranks\": \(jsonList(list))}"
                : "\(job)\tranks \(list.joined(separator: ","))"
            say(line + "\n", on: .output)
        }
        return 0
    } catch {
        say("mpiswarm: jobs: \(error.sentence)\n", on: .error)
        return 1
    }
}

/// Jobs in order, each with its ranks on this machine.
func grouped(_ rows: [(job: String, rank: Int)]) -> [(job: String, ranks: [Int])] {
    var groups: [(job: String, ranks: [Int])] = []
    for row in rows {
        if groups.last?.job == row.job {
            groups[groups.count - 1].ranks.append(row.rank)
        } else {
            groups.append((row.job, [row.rank]))
        }
    }
    return groups
}
