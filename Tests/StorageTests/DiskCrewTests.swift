import Testing

@testable import Storage

/// Who does what, and when.
@Suite struct DiskCrewTests {
    private func withTwoWorkers(_ crew: DiskCrew, _ body: () throws -> Void) throws {
        let workers = try (0..<2).map { _ in try TestThread { crew.work() } }
        try body()
        crew.close()
        for worker in workers { try worker.join() }
    }

    /// Two files that are described at once would leave nobody to write.
    @Test func longJobsLeaveAWorkerForOthers() throws {
        let crew = DiskCrew(idleMax: 1)
        let (written, mayEnd) = (Bell(), Bell())
        let done = Answers<Int>()
        try withTwoWorkers(crew) {
            for _ in 0..<3 {
                crew.submit(.whenIdle) {
                    mayEnd.wait()
                    done.put(1)
                }
            }
            crew.submit(.write) { written.ring() }
            written.wait()
            #expect(done.take() == [])
            for _ in 0..<3 { mayEnd.ring() }
        }
        #expect(done.take().count == 3, "what was submitted is done")
    }

    @Test func whatOthersWaitForIsDoneFirst() throws {
        let crew = DiskCrew()
        let order = Answers<Int>()
        crew.submit(.whenIdle) { order.put(3) }
        crew.submit(.write) { order.put(2) }
        crew.submit(.read) { order.put(1) }
        let worker = try TestThread { crew.work() }
        crew.close()
        try worker.join()
        #expect(order.take().reversed() == [1, 2, 3])
    }
}
