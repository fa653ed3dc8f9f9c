import CommandLine
import Control
import Glibc
import Launch
import MPITransport
import Vocabulary

/// `mpiswarm doctor [DEST]`: every rank examines its host, and rank 0 prints what it makes of it.
func doctor(_ options: DoctorOptions) throws(LaunchError) -> Int32 {
    // MPI sets variables of a launcher by itself where there was none.
    let look = HostLook(environment: environmentVariable)
    let launch = look.launch
    let ending = JobEnding(nothingBegun: "interrupted before the ranks had met")
    return try asRank(
        ranksMin: 1, outputs: OutputPaths(command: "doctor"), ending
    ) { (world, _) throws(LaunchError) in
        let destination = options.destination.map {
            expanded($0, rank: world.rank, host: world.processorName)
        }
        var own = look.checkup(destination: destination)
        (own.launcher, own.launched) = launch
        own.host = world.processorName
        own.node = nodeNumber(in: world)
        own.messaging = world.messaging
        // All leave this together, and then look at their clocks.
        _ = world.gather(0)
        own.clock = Int(clamping: wallClock() / 1000)
        let all: [[UInt8]]
        do throws(MPIError) { all = try world.gather(own.bytes) } catch {
            say("mpiswarm: doctor: \(error.text)\n", on: .error)
            return 1
        }
        guard world.rank == .first else { return 0 }
        return report(all.compactMap { Checkup(bytes: $0) }, rankCount: world.rankCount)
    }
}

private func report(_ checkups: [Checkup], rankCount: Int) -> Int32 {
    guard checkups.count == rankCount else {
        say("mpiswarm: doctor: the ranks run different versions of mpiswarm\n", on: .error)
        return 1
    }
    let diagnosis = Diagnosis(
        mpiFound: mpiLibrary.shortFound, mpiBuiltFor: MPIWorld.builtFor, ranks: checkups,
        chosenInterfaces: environmentVariable("OMPI_MCA_btl_tcp_if_include"))
    let findings = diagnosis.findings
    for finding in findings {
        let level = padded(finding.level.rawValue, 9)
        say("\(level)\(padded(finding.subject, 15))\(harmless(finding.words))\n", on: .output)
        if !finding.advice.isEmpty { say("\(padded("", 9))-> \(finding.advice)\n", on: .output) }
    }
    let worst = findings.map(\.level).max() ?? .fine
    let verdict =
        switch worst {
        case .fine: "this job can work"
        case .warning: "this job can work; see the warnings"
        case .failure: "this job cannot work; see FAILURE above"
        }
    say("\(verdict)\n", on: .output)
    return worst == .failure ? 1 : 0
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}
