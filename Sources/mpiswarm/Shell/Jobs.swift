import CommandLine
import Control

/// `mpiswarm jobs`
func listJobs(_ options: JobsOptions) -> Int32 {
    do throws(ControlError) {
        let places = try ControlPlace.all(
            runtimeFolder: environmentVariable("XDG_RUNTIME_DIR"))
        for (job, places) in grouped(places) {
            let list = places.map { "\($0.rank)" }
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
func grouped(_ places: [ControlPlace]) -> [(job: String, places: [ControlPlace])] {
    var groups: [(job: String, places: [ControlPlace])] = []
    for place in places {
        if groups.last?.job == place.job {
            groups[groups.count - 1].places.append(place)
        } else {
            groups.append((place.job, [place]))
        }
    }
    return groups
}
