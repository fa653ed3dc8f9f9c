internal import CMPI
package import Vocabulary

/// The network as one thread sees it. Each thread that sends or receives has an endpoint of its
/// own, created with the tags that only this thread reads; no two endpoints of a rank may read the
/// same tag.
///
/// An endpoint is open, then closed; only a closed one may go away.
@safe
package struct MPIEndpoint: ~Copyable, Transport {
    package typealias Payload = PieceBuffer

    package let rank: Rank
    package let rankCount: Int
    /// The number of messages and payloads that were longer than their buffers. They are reported
    /// without bytes. Open MPI 4.1 would write past the end of that memory if one side accessed the
    /// memory of the other; `OpenMPISettings` forbids that.
    package internal(set) var malformedCount = 0
    /// The number of calls that failed in other ways. None is expected to fail: to MPI, a silent
    /// rank is no failure.
    package internal(set) var failureCount = 0
    package internal(set) var lastFailure: MPIError?

    var table: RequestTable
    var rings: [ReceiveRing] = []
    let pool: SendPool
    /// The events that `next` has not returned yet, the last first. It is filled only when it is
    /// empty.
    var happenings: [Completed] = []
    /// The buffers of returned events that the caller has not taken yet.
    var untaken: [(request: RequestNumber, buffer: PieceBuffer)] = []
    var isClosed = false
    let messageSizeMax: Int
    private let payloadTagCount: UInt32

    /// `messageSizeMax` is the longest message that may be sent or received; at most
    /// `lentBuffersMax` buffers may be lent at a time.
    package init(
        _ world: borrowing MPIWorld, reading tags: [Tag], messageSizeMax: Int,
        lentBuffersMax: Int = 256
    ) {
        self.init(
            at: world.place, reading: tags, messageSizeMax: messageSizeMax,
            lentBuffersMax: lentBuffersMax)
    }

    /// Creates an endpoint in a thread that does not hold the `MPIWorld`.
    package init(
        at place: MPIPlace, reading tags: [Tag], messageSizeMax: Int, lentBuffersMax: Int = 256
    ) {
        precondition((1...Int(CInt.max)).contains(messageSizeMax), "MPI counts bytes in an int")
        rank = place.rank
        rankCount = place.rankCount
        self.messageSizeMax = messageSizeMax
        payloadTagCount = UInt32(place.tagUpperBound - Tag.payloadBase) + 1
        let requestsMax =
            tags.count * ReceiveRing.receivesMax + SendPool.sendsMax + lentBuffersMax
        table = RequestTable(capacity: requestsMax)
        pool = SendPool(rankCount: place.rankCount, messageSizeMax: messageSizeMax)
        happenings.reserveCapacity(requestsMax)
        for tag in tags { rings.append(ReceiveRing(tag: tag, messageSizeMax: messageSizeMax)) }
    }

    /// It is a programming error to drop an open endpoint. A build without that check leaks all
    /// memory that MPI may still use, because MPI could otherwise change it under its next owner.
    deinit {
        assert(isClosed, "an endpoint went away while it was open")
        if isClosed { return }
        for row in table.rows { leak(row) }
    }

    /// Whether all messages have left but those to dead ranks, which never leave.
    package var isDrained: Bool { pool.outstanding == pool.outstanding(to: DeadRanks.all) }

    package mutating func send(_ message: RawSpan, to destination: Rank, tag: Tag) -> Bool {
        guard !DeadRanks.contains(destination) else { return true }
        guard !isClosed, pool.begin(to: destination) else { return false }
        let (slot, memory) = unsafe pool.copy(message)
        do throws(MPIError) {
            try unsafe table.add(.message(slot, to: destination), "MPI_Isend") {
                unsafe cmpi_isend(
                    memory.baseAddress, CInt(memory.count), destination.raw, tag.rawValue, $0)
            }
            return true
        } catch {
            note(error)
            pool.free(slot)
            pool.ended(to: destination)
            return false
        }
    }

    package mutating func sendPayload(
        _ payload: borrowing PieceBuffer, to destination: Rank, request: RequestNumber
    ) -> Bool {
        guard !DeadRanks.contains(destination) else {
            happenings.insert(.payloadSent(request: request, to: destination), at: 0)
            return true
        }
        guard !isClosed, pool.begin(to: destination) else { return false }
        let buffer = copy payload
        let tag = payloadTag(of: request)
        do throws(MPIError) {
            let row = Pending.payload(buffer, to: destination, request: request)
            try unsafe table.add(row, "MPI_Isend") {
                unsafe cmpi_isend(
                    buffer.memory.baseAddress, CInt(buffer.byteCount), destination.raw, tag, $0)
            }
            return true
        } catch {
            note(error)
            pool.ended(to: destination)
            return false
        }
    }

    package mutating func expect(
        _ buffer: consuming PieceBuffer, from source: Rank, request: RequestNumber
    ) {
        let buffer = buffer
        let tag = payloadTag(of: request)
        do throws(MPIError) {
            guard !isClosed else { return giveUp(buffer, request) }
            let row = Pending.expected(buffer, from: source, request: request, isWithdrawn: false)
            try unsafe table.add(row, "MPI_Irecv") {
                unsafe cmpi_irecv(
                    buffer.memory.baseAddress, CInt(buffer.byteCount), source.raw, tag, $0)
            }
        } catch {
            note(error)
            giveUp(buffer, request)
        }
    }

    /// Returns a buffer that could not be lent as if it had been withdrawn.
    private mutating func giveUp(_ buffer: PieceBuffer, _ request: RequestNumber) {
        happenings.insert(.withdrawn(buffer, request: request), at: 0)
    }

    /// The tag of a request: its number, wrapped into the range of tags. A tag is used again only
    /// after more than 32,000 further requests, and requests to different sources never meet.
    private func payloadTag(of request: RequestNumber) -> Int32 {
        Tag.payloadBase + Int32(request.raw % payloadTagCount)
    }

    package mutating func withdraw(_ request: RequestNumber) {
        for (index, row) in table.rows.enumerated() {
            guard case .expected(let buffer, let source, request, isWithdrawn: false) = row
            else { continue }
            let withdrawn = Pending.expected(
                buffer, from: source, request: request, isWithdrawn: true)
            table.replace(index, with: withdrawn)
            do throws(MPIError) { try table.cancel(index) } catch { note(error) }
            return
        }
        // The request has completed: its event is among those that `next` has not returned.
    }

    package mutating func giveBack(_ arrival: consuming Arrival) {
        guard let ring = rings.firstIndex(where: { $0.tag == arrival.tag }) else {
            preconditionFailure("an arrival goes back to the transport it came from")
        }
        rings[ring].givenBack(arrival.slot)
    }

    mutating func note(_ failure: MPIError) {
        failureCount += 1
        lastFailure = failure
    }
}
