internal import CMPI
package import Vocabulary

/// Collects events.
extension MPIEndpoint {
    /// Returns all collected events before it polls again. A poll is one probe for each tag and one
    /// `MPI_Testsome`.
    package mutating func next() -> TransportEvent? {
        if happenings.isEmpty, !isClosed { collect() }
        guard let happening = happenings.popLast() else { return nil }
        switch happening {
        case .message(let ring, let slot, let source, let byteCount):
            let memory = unsafe rings[ring].memory(of: slot, byteCount: byteCount)
            return unsafe .message(
                Arrival(
                    source: source, tag: rings[ring].tag, slot: slot,
                    memory: UnsafeRawBufferPointer(memory)))
        case .payload(let buffer, let byteCount, let source, let request):
            untaken.append((request, buffer))
            return .payload(byteCount: byteCount, from: source, request: request)
        case .withdrawn(let buffer, let request):
            untaken.append((request, buffer))
            return .withdrawn(request: request)
        case .payloadSent(let request, let destination):
            return .payloadSent(request: request, to: destination)
        }
    }

    package mutating func makeRoom() {
        guard !isClosed else { return }
        // The list is reversed, because the last event of the list is returned first.
        let waiting = happenings
        happenings.removeAll(keepingCapacity: true)
        collect()
        happenings += waiting
    }

    package mutating func take(_ request: RequestNumber) -> PieceBuffer {
        guard let place = untaken.firstIndex(where: { $0.request == request }) else {
            preconditionFailure("what is taken has come, and was not taken yet")
        }
        return untaken.remove(at: place).buffer
    }

    private mutating func collect() {
        do throws(MPIError) {
            var areFound = false
            let isQuiet = CallGate.progress()
            for ring in rings.indices where try find(ring, quietly: isQuiet) { areFound = true }
            let count = try table.test(quietly: isQuiet)
            guard areFound || count > 0 else { return }
            for number in 0..<count { completed(table.completion(number)) }
            table.closeUp()
            collectMessages()
            happenings.reverse()
        } catch { note(error) }
    }

    /// Begins to receive the messages that have come. Returns whether there were any.
    ///
    /// Receives are not posted beforehand, for two reasons. They would not show whose message they
    /// have begun to take, so one that never ends would hold up all others. And they could not
    /// refuse a message that is too long, whose end Open MPI 4.1 does not always cut off. Such a
    /// message is never received.
    private mutating func find(
        _ ring: Int, quietly isQuiet: Bool
    ) throws(MPIError) -> Bool {
        var areFound = false
        while let slot = rings[ring].nextIdle {
            var found: CInt = 0
            var message = cmpi_message()
            var status = MPI_Status()
            let tag = rings[ring].tag.rawValue
            try mpi("MPI_Improbe") {
                CallGate.pass(quietly: isQuiet) {
                    unsafe cmpi_improbe(tag, &found, &message, &status)
                }
            }
            guard found != 0 else { break }
            areFound = true
            let source = Rank(status.MPI_SOURCE)
            let byteCount = unsafe Int(cmpi_byte_count(&status))
            rings[ring].receives(from: source, into: slot)
            guard (0...messageSizeMax).contains(byteCount) else {
                // A message that is too long is not delivered, but counts against its sender.
                malformedCount += 1
                rings[ring].arrived(slot, from: source, byteCount: 0)
                continue
            }
            let memory = unsafe rings[ring].memory(of: slot, byteCount: byteCount)
            do throws(MPIError) {
                try unsafe table.add(.receive(ring: ring, slot: slot), "MPI_Imrecv") {
                    unsafe cmpi_imrecv(memory.baseAddress, CInt(byteCount), &message, $0)
                }
            } catch {
                rings[ring].refused(slot)
                note(error)
            }
        }
        return areFound
    }

    private mutating func completed(_ completion: RequestEnding) {
        if case .failed(let code) = completion.outcome {
            note(.failed(call: "MPI_Testsome", code: code))
        }
        switch completion.pending {
        case .receive(let ring, let slot): received(completion, ring, slot)
        case .message(let slot, let destination):
            pool.free(slot)
            pool.ended(to: destination)
        case .payload(_, let destination, let request):
            pool.ended(to: destination)
            happenings.append(.payloadSent(request: request, to: destination))
        case .expected(let buffer, let source, let request, _):
            payloadEnded(completion, buffer, from: source, request)
        case .over: preconditionFailure("a request completes once")
        }
    }

    private mutating func received(_ completion: RequestEnding, _ ring: Int, _ slot: Int) {
        if case .well = completion.outcome, completion.byteCount >= 0, completion.source >= 0 {
            let source = Rank(completion.source)
            rings[ring].arrived(slot, from: source, byteCount: completion.byteCount)
        } else {
            rings[ring].refused(slot)
        }
    }

    private mutating func payloadEnded(
        _ completion: RequestEnding, _ buffer: PieceBuffer, from source: Rank,
        _ request: RequestNumber
    ) {
        if completion.wasCancelled {
            happenings.append(.withdrawn(buffer, request: request))
            return
        }
        var byteCount = 0
        switch completion.outcome {
        case .well: byteCount = max(0, completion.byteCount)
        case .tooLong: malformedCount += 1
        case .failed: break
        }
        happenings.append(
            .payload(buffer, byteCount: byteCount, from: source, request: request))
    }

    /// Collects the messages whose turn has come, in the order of each sender.
    private mutating func collectMessages() {
        for ring in rings.indices {
            while let (slot, source, byteCount) = rings[ring].takeNext() {
                happenings.append(
                    .message(ring: ring, slot: slot, source: source, byteCount: byteCount))
            }
        }
    }
}
