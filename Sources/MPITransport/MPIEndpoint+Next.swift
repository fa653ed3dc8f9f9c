internal import CMPI
package import Vocabulary

/// Collects events.
extension MPIEndpoint {
    /// Returns the collected events before it polls again, so that one poll is one `MPI_Testsome`.
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

    package mutating func take(_ request: RequestNumber) -> PieceBuffer {
        guard let place = untaken.firstIndex(where: { $0.request == request }) else {
            preconditionFailure("what is taken has come, and was not taken yet")
        }
        return untaken.remove(at: place).buffer
    }

    private mutating func collect() {
        do throws(MPIError) {
            let count = try table.test()
            guard count > 0 else { return }
            for number in 0..<count { completed(table.completion(number)) }
            table.closeUp()
            collectMessages()
            happenings.reverse()
        } catch { note(error) }
    }

    private mutating func completed(_ completion: Completion) {
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

    private mutating func received(_ completion: Completion, _ ring: Int, _ slot: Int) {
        if case .well = completion.outcome, completion.byteCount >= 0, completion.source >= 0 {
            let source = Rank(completion.source)
            rings[ring].arrived(slot, from: source, byteCount: completion.byteCount)
            return
        }
        guard case .tooLong = completion.outcome, completion.source >= 0 else {
            return rings[ring].refused(slot)
        }
        // A message that is too long is dropped, and counts against its sender.
        malformedCount += 1
        rings[ring].arrived(slot, from: Rank(completion.source), byteCount: 0)
    }

    private mutating func payloadEnded(
        _ completion: Completion, _ buffer: PieceBuffer, from source: Rank,
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

    /// Messages whose turn has come, in each tag's order of posting.
    private mutating func collectMessages() {
        for ring in rings.indices {
            while let (slot, message) = rings[ring].takeNext() {
                guard let (source, byteCount) = message else {
                    post(slot, of: ring)
                    continue
                }
                happenings.append(
                    .message(ring: ring, slot: slot, source: source, byteCount: byteCount))
            }
        }
    }
}
