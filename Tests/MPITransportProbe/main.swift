internal import Glibc
internal import MPITransport

// Runs one scenario on every rank: prints OK and returns 0, or prints the failure and returns 1.
do throws(MPIError) {
    guard let name = CommandLine.arguments.dropFirst().first,
        let scenario = Scenario(rawValue: name)
    else {
        print("usage: MPITransportProbe \(Scenario.allCases.map(\.rawValue))")
        exit(2)
    }
    let version = MPIWorld.libraryVersion
    let world = try MPIWorld.start()
    let rank = world.rank
    var complaint = scenario.run(world)
    if scenario == .survival {
        print(complaint.map { "FAIL rank \(rank): \($0)" } ?? "OK rank \(rank)")
        fflush(nil)
        _exit(complaint == nil ? 0 : 1)
    }
    if version.isEmpty || world.processorName.isEmpty { complaint = "MPI has no name" }
    try world.finish()
    if let complaint {
        print("FAIL rank \(rank): \(complaint)")
        exit(1)
    }
    print("OK rank \(rank)")
} catch {
    print("FAIL \(error) \(error.text)")
    exit(1)
}
