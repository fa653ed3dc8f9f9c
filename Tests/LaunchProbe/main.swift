import Glibc
import Launch

// A program that misbehaves as a test demands, at one rank, under the real supervisor: LaunchProbe
// DEED RANK. Every rank that gets to its end prints "rank R done".

private func run() throws(LaunchError) -> Int32 {
    if let watch = try LauncherWatch.adopt(name: "LaunchProbe") {
        try watch.work()
        return 0
    }
    let arguments = CommandLine.arguments
    guard let worker = try Worker.adopt(name: "LaunchProbe") else {
        let deed = arguments.dropFirst().first.flatMap(Deed.init)
        return try Supervisor.supervise(launcherLooksMax: deed == .killByHand ? 1 : 20) { rank in
            if deed == .endSupervisorLate, arguments.last == "\(rank)" { kill(getpid(), SIGTERM) }
        }
    }
    guard arguments.count >= 3, let deed = Deed(rawValue: arguments[1]),
        let chosen = Int32(arguments[2])
    else { return 2 }
    return try Probe(deed: deed, chosen: chosen).run(worker)
}

do throws(LaunchError) {
    exit(try run())
} catch {
    Probe.say("\(error)")
    exit(2)
}
