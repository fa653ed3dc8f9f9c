internal import Foundation
internal import Testing

/// The real transport between real ranks: each test runs the probe under mpirun, on as many ranks
/// as there are arguments for.
@Suite(.serialized)
struct MPITransportTests {
    @Test(arguments: [2, 4])
    func messagesOfOneSenderArriveInOrder(ranks: Int) throws { try probe("order", ranks) }

    /// Where a large message takes several steps, small ones that were sent later complete before
    /// it; over shared memory with single copies they never do.
    @Test(arguments: [["btl", "tcp,self"], ["btl_vader_single_copy_mechanism", "none"]])
    func messagesArriveInOrderThoughTheyCompleteOutOfIt(parameter: [String]) throws {
        try probe("order", 2, settings: ["--mca"] + parameter)
    }

    @Test(arguments: [2, 3])
    func refusedSendsAreTakenLater(ranks: Int) throws { try probe("flood", ranks) }

    @Test(arguments: [2, 4])
    func payloadsArriveWhole(ranks: Int) throws { try probe("payload", ranks) }

    @Test(arguments: [2, 3])
    func aBufferWithoutAPayloadCanBeWithdrawn(ranks: Int) throws { try probe("withdraw", ranks) }

    @Test(arguments: [2, 3])
    func twoThreadsOfARankDoNotDisturbEachOther(ranks: Int) throws { try probe("threads", ranks) }

    /// What one thread takes back another thread finds at that moment to be matched.
    @Test(arguments: [1, 2])
    func aPayloadThatArrivesDuringAWithdrawalComesOnce(ranks: Int) throws {
        try probe("cancel", ranks)
    }

    @Test(arguments: [2, 4])
    func aPayloadThatIsTooLongComesWithoutBytes(ranks: Int) throws { try probe("overlong", ranks) }

    @Test(arguments: [2, 3])
    func anUntakenPayloadDoesNotKeepARankFromLeaving(ranks: Int) throws {
        try probe("stuck", ranks)
    }

    /// Over sockets the library would end each rank that sends to a dead one, or never return.
    @Test(arguments: [["--mca", "btl", "tcp,self"], []])
    func aRankSurvivesTheOneThatItSendsTo(transport: [String]) throws {
        let run = try Mpirun.run(
            ["MPITransportProbe", "survival"], ranks: 3,
            settings: ["--enable-recovery"] + transport)
        #expect(run.output.contains("OK rank 0\n"), "\(run.output)")
        #expect(run.output.contains("OK rank 2\n"), "\(run.output)")
    }

    private func probe(_ scenario: String, _ ranks: Int, settings: [String] = []) throws {
        let run = try Mpirun.run(
            ["MPITransportProbe", scenario], ranks: ranks, settings: settings)
        let ready = run.output.split(separator: "\n").filter { $0.hasPrefix("OK") }.count
        #expect(run.status == 0 && ready == ranks, "\(run.output)")
    }
}
