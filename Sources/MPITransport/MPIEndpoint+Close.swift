internal import CMPI
internal import Vocabulary

/// Closing an endpoint.
extension MPIEndpoint {
    /// Cancels the posted receives, and waits for outstanding sends while `isPatient` returns true.
    /// `isPatient` is called between two polls, and may sleep. Messages that have not left by then
    /// are given up. Events that `next` has not returned are lost with their buffers.
    package mutating func close(while isPatient: () -> Bool) {
        if isClosed { return }
        isClosed = true
        for happening in happenings {
            if case .message(let ring, let slot, _, _) = happening { rings[ring].givenBack(slot) }
        }
        happenings = []
        cancelReceives()
        repeat { settle() } while !isSettled && isPatient()
        for row in table.abandonAll() { leak(row) }
    }

    /// Whether only requests to and from dead ranks are left, which are not waited for.
    private var isSettled: Bool {
        guard !table.rows.isEmpty else { return true }
        let dead = DeadRanks.all
        return table.rows.allSatisfy { row in
            switch row {
            case .message(_, let rank), .payload(_, let rank, _), .expected(_, let rank, _, _):
                dead.contains(rank)
            case .receive: false
            case .over: true
            }
        }
    }

    private mutating func cancelReceives() {
        for (index, row) in table.rows.enumerated() {
            switch row {
            case .expected(_, _, _, isWithdrawn: false):
                do throws(MPIError) { try table.cancel(index) } catch { note(error) }
            // A message that a probe has found cannot be put back.
            case .receive, .message, .payload, .expected, .over: break
            }
        }
    }

    private mutating func settle() {
        do throws(MPIError) {
            let count = try table.test()
            for number in 0..<count { settled(table.completion(number).pending) }
            table.closeUp()
        } catch { note(error) }
    }

    private func settled(_ pending: Pending) {
        switch pending {
        case .receive(let ring, let slot): rings[ring].retired(slot)
        case .message(let slot, let destination):
            pool.free(slot)
            pool.ended(to: destination)
        case .payload(_, let destination, _): pool.ended(to: destination)
        case .expected, .over: break
        }
    }

    /// Keeps the memory of a request that is given up until the process ends. A large message waits
    /// in the memory of its sender until the receiver fetches it, and a receive that matched a
    /// header is written to when the rest comes: freed memory would be read or written by MPI under
    /// its next owner.
    func leak(_ pending: Pending) {
        switch pending {
        case .receive(let ring, let slot): rings[ring].abandoned(slot)
        case .message: pool.abandon()
        case .payload(let buffer, _, _), .expected(let buffer, _, _, _):
            _ = unsafe Unmanaged.passRetained(buffer)
        case .over: break
        }
    }
}
