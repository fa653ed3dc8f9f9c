import Testing
import Vocabulary

@testable import Storage

/// The order in which workers take jobs.
@Suite struct DiskWorkersTests {
    private func withTwoWorkers(_ crew: DiskWorkers, _ body: () throws -> Void) throws {
        let workers = try (0..<2).map { _ in try TestThread { crew.work() } }
        try body()
        crew.close()
        for worker in workers { try worker.join() }
    }

    /// If two long jobs ran at once, no worker would be left to write.
    @Test func longJobsLeaveAWorkerForOthers() throws {
        let crew = DiskWorkers(idleMax: 1)
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

    /// The jobs of one content stay in order.
    @Test func longJobsOfLanesLeaveAWorkerForOthers() throws {
        let crew = DiskWorkers(idleMax: 1)
        let lanes = DiskLanes(crew)
        let (written, mayEnd) = (Bell(), Bell())
        let done = Answers<String>()
        let contents = [ContentID(high: 0, low: 1), ContentID(high: 0, low: 2)]
        try withTwoWorkers(crew) {
            for content in contents {
                lanes.submit(content, .whenIdle) {
                    mayEnd.wait()
                    done.put("long \(content.low)")
                }
            }
            lanes.submit(contents[1]) { done.put("next 2") }
            lanes.submit(ContentID(high: 0, low: 3)) { written.ring() }
            written.wait()
            #expect(done.take() == [])
            for _ in contents { mayEnd.ring() }
            lanes.submit(contents[1]) { written.ring() }
            written.wait()
        }
        #expect(Array(done.take().reversed()) == ["long 1", "long 2", "next 2"])
    }

    @Test func workThatOthersWaitForIsDoneFirst() throws {
        let crew = DiskWorkers()
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
