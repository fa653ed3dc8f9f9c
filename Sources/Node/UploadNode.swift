package import Swarm
package import Vocabulary
package import Wire

/// An upload thread at work: its machine over a transport and a reader of pieces.
package struct UploadNode<
    Network: Transport & ~Copyable, Reader: PieceReader & ~Copyable
>: ~Copyable, SteppedNode where Network.Payload == Reader.Payload {
    package private(set) var machine: Uploader
    private var line: Line<Network>
    private var reader: Reader
    private let inbox: Mailbox<UploaderNote>
    private let downloader: Mailbox<DownloaderNote>
    private let witness: EventObserver?
    private var effects = Effects<UploaderEffect>()
    private var notes: [UploaderNote] = []
    /// Payloads that are to be sent, or wait for room.
    private var parcels: [OutgoingPayload] = []
    /// Requested parts of digest tables, until their digests are known.
    private var tables: [TableAsk] = []
    private var throttle: Throttle
    package private(set) var work = WorkTotals()
    /// When the downloader learns of the work next, for its last report.
    private var workReportAt: Tick
    /// What the last report lacks is the work of less time than this.
    private static var workInterval: Duration { .milliseconds(5) }
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.zero

    package init(
        rules: UploaderRules, owned: [(content: ContentID, geometry: Geometry)],
        network: consuming Network, reader: consuming Reader,
        inbox: Mailbox<UploaderNote>, downloader: Mailbox<DownloaderNote>, trace: Trace? = nil,
        witness: EventObserver? = nil, throttle: Throttle = Throttle()
    ) {
        self.throttle = throttle
        self.witness = witness
        workReportAt = rules.countsWork ? .zero : .never
        machine = Uploader(rules: rules, rank: network.rank, owned: owned)
        line = Line(network, trace: trace)
        self.reader = reader
        self.inbox = inbox
        self.downloader = downloader
    }

    /// Whether something is being sent or read, so that a long wait would cost time.
    package var isExpecting: Bool { machine.isSending || !tables.isEmpty }

    /// Whether the tracker ended the job. No receiver waits for payloads that are still being sent.
    package var isOver: Bool { machine.isOver }

    package mutating func noteNap() { work.naps += 1 }

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        let isBusy = takeTurn(now: now)
        work.turns += 1
        if !isBusy { work.emptyTurns += 1 }
        if now >= workReportAt {
            workReportAt = now + Self.workInterval
            downloader.put([.worked(work)], isUrgent: false)
        }
        return isBusy
    }

    private mutating func takeTurn(now: Tick) -> Bool {
        var isBusy = inbox.empty(into: &notes)
        if isBusy { readNotes(now: now) }
        while !machine.isOver, let event = line.network.next() {
            isBusy = true
            work.events += 1
            switch consume event {
            case .message(let arrival): receive(arrival, now: now)
            // An upload thread lends no buffers, so these events do not occur.
            case .payload: break
            case .withdrawn: break
            case .payloadSent(let request, let rank):
                machine.payloadSent(request, to: rank, now: now)
            }
            performAny(now: now)
        }
        while let read = reader.next() {
            isBusy = true
            work.events += 1
            machine.readDone(
                read.ticket, isGood: read.isGood, digest: read.digest, now: now,
                effects: &effects)
            performAny(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
        }
        machine.stepEnded(now: now, effects: &effects)
        performAny(now: now)
        if line.flush() { isBusy = true }
        if !parcels.isEmpty { sendParcels(now: now) }
        if !tables.isEmpty { sendTables(now: now) }
        return isBusy
    }

    private mutating func readNotes(now: Tick) {
        work.events += UInt64(notes.count)
        for note in notes { machine.noted(note, now: now, effects: &effects) }
        notes.removeAll(keepingCapacity: true)
        performAny(now: now)
    }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        let accused = line.deliver(
            arrival, now: now, machine: &machine, effects: &effects
        ) { (machine, effects, message, tail, source) throws(WireError) in
            guard case .upload(let message) = message else { throw .malformed }
            try machine.received(message, tail: tail, from: source, now: now, effects: &effects)
        }
        if let (offender, complaint) = accused {
            downloader.put(.accused(offender, complaint))
        }
    }

    /// Usually there is nothing to do, and to find that out inside the function would cost the
    /// lookups of its generic parameters.
    @inline(__always)
    private mutating func performAny(now: Tick) {
        if !effects.list.isEmpty { perform(now: now) }
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                work.noteSent(message)
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            case .read(let piece, let content, let ticket):
                reader.read(piece, of: content, ticket: ticket)
            case .sendPayload(let ticket, let rank, let request, let byteCount):
                parcels.append(
                    OutgoingPayload(
                        ticket: ticket, to: rank, request: request, byteCount: byteCount))
            case .sendTable(let content, let first, let count, let rank):
                let ask = TableAsk(content: content, first: first, count: count, to: rank)
                if !tables.contains(ask), tables.count < TableAsk.waitingMax { tables.append(ask) }
            case .release(let ticket): reader.release(ticket)
            case .tell(let note): downloader.put(note)
            case .happened(let happening): witness?.tell(happening, now: now)
            case .ended: break
            }
        }
        effects.removeAll()
    }

    private mutating func sendTables(now: Tick) {
        var kept: [TableAsk] = []
        for ask in tables {
            guard let bytes = reader.digests(of: ask.content, from: ask.first, count: ask.count)
            else {
                kept.append(ask)
                continue
            }
            let message = DownloadMessage.table(
                ask.content, first: UInt32(ask.first), count: UInt32(ask.count))
            work.messages += 1
            line.send(.download(message), tail: bytes[...], to: ask.to, now: now)
        }
        tables = kept
    }

    /// Sends in order to each destination, but none waits for another.
    private mutating func sendParcels(now: Tick) {
        var blocked: [Rank] = []
        var kept: [OutgoingPayload] = []
        for parcel in parcels {
            if blocked.contains(parcel.to) || !throttle.isOpen(now: now) {
                kept.append(parcel)
            } else if line.network.sendPayload(
                reader.payload(of: parcel.ticket), to: parcel.to, request: parcel.request)
            {
                throttle.took(parcel.byteCount, now: now)
                work.carried += ByteCount(Int64(parcel.byteCount))
                reader.release(parcel.ticket)
            } else {
                blocked.append(parcel.to)
                kept.append(parcel)
            }
        }
        parcels = kept
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { line.network }
}
