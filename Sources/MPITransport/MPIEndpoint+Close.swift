internal import CMPI
internal import Vocabulary

/// Taking leave.
extension MPIEndpoint {
    /// Cancels what is awaited and waits for what was sent, for as long as `isPatient` says yes;
    /// it is asked between two polls, and may sleep. What has not left then never will: it is
    /// given up. Events that were not yet told are lost with what they carry.
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

    /// What is under way to the dead, or from them, is not waited for.
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
            case .receive, .expected(_, _, _, isWithdrawn: false):
                do throws(MPIError) { try table.cancel(index) } catch { note(error) }
            case .message, .payload, .expected, .over: break
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

    /// Makes sure that the memory of a request that is given up outlives the process's use of
    /// MPI. A large message waits in the sender's memory until its receiver fetches it, and a
    /// receive that matched a header is written to when the rest comes: to free either would let
    /// MPI read or write what by then is somebody else's.
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
