package import Swarm
package import Vocabulary
import Wire

/// A download thread at work: its machine over a transport and a store.
package struct DownloadNode<
    Network: Transport & ~Copyable, Disk: Store & ~Copyable
>: ~Copyable, SteppedNode where Network.Payload == Disk.Payload {
    package private(set) var machine: Downloader
    private var line: Line<Network>
    private var disk: Disk
    private let inbox: Mailbox<DownloaderNote>
    private let uploader: Mailbox<UploaderNote>
    private let witness: EventObserver?
    /// The mailbox for answers to users.
    private let news: Mailbox<LiveNews>?
    /// The mailbox of the tracker that this rank may have to become.
    private let heir: Mailbox<HeirNote>?
    private var effects = Effects<DownloaderEffect>()
    /// The effects that are being carried out, while carrying them out makes new ones.
    private var batch = Effects<DownloaderEffect>()
    private var notes: [DownloaderNote] = []
    /// Notes for the uploader, put into its mailbox all at once.
    private var told: [UploaderNote] = []
    private var isTellingUrgent = false
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never

    package init(
        rules: DownloaderRules, share: Share, network: consuming Network, disk: consuming Disk,
        inbox: Mailbox<DownloaderNote>, uploader: Mailbox<UploaderNote>,
        news: Mailbox<LiveNews>? = nil, heir: Mailbox<HeirNote>? = nil, trace: Trace? = nil,
        witness: EventObserver? = nil, now: Tick
    ) {
        machine = Downloader(
            rules: rules, rank: network.rank, share: share, now: now, effects: &effects)
        line = Line(network, trace: trace)
        self.disk = disk
        self.inbox = inbox
        self.uploader = uploader
        self.witness = witness
        self.news = news
        self.heir = heir
        performAny(now: now)
    }

    /// The last report has left.
    package private(set) var isOver = false

    /// Whether an answer may come at any moment, so that a long wait would cost time.
    package var isExpecting: Bool { machine.isExpecting }

    package mutating func noteNap() { machine.work.naps += 1 }

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        let isBusy = takeTurn(now: now)
        machine.work.turns += 1
        if !isBusy { machine.work.emptyTurns += 1 }
        return isBusy
    }

    private mutating func takeTurn(now: Tick) -> Bool {
        var isBusy = inbox.empty(into: &notes)
        if isBusy { readNotes(now: now) }
        while let event = line.network.next() {
            isBusy = true
            machine.work.events += 1
            handle(event, now: now)
            performAny(now: now)
        }
        while let event = disk.next() {
            isBusy = true
            machine.work.events += 1
            machine.stored(event, now: now, effects: &effects)
            performAny(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
            performAny(now: now)
        }
        machine.stepEnded(now: now, effects: &effects)
        performAny(now: now)
        if line.flush() { isBusy = true }
        if machine.stage == .over { isOver = line.mayLeave(now: now) }
        return isBusy
    }

    private mutating func readNotes(now: Tick) {
        machine.work.events += UInt64(notes.count)
        for note in notes {
            machine.noted(note, now: now, effects: &effects)
            performAny(now: now)
        }
        notes.removeAll(keepingCapacity: true)
    }

    private mutating func handle(_ event: consuming TransportEvent, now: Tick) {
        switch consume event {
        case .message(let arrival):
            let accused = line.deliver(
                arrival, now: now, machine: &machine, effects: &effects
            ) { (machine, effects, message, tail, source) throws(WireError) in
                guard case .download(let message) = message else { throw .malformed }
                try machine.received(
                    message, tail: tail, from: source, now: now, effects: &effects)
            }
            if let (offender, complaint) = accused {
                machine.noted(.accused(offender, complaint), now: now, effects: &effects)
            }
        // The source is known already: each request's tag and buffer are for its source alone.
        case .payload(let byteCount, let source, let request):
            _ = source
            machine.work.carried += ByteCount(Int64(byteCount))
            machine.payloadArrived(request, byteCount: byteCount, now: now, effects: &effects)
        case .withdrawn(let request):
            disk.discard(line.network.take(request))
            machine.withdrawn(request)
        // A download thread sends no payloads.
        case .payloadSent: break
        }
    }

    /// Usually there is nothing to do, and to find that out inside the function would cost the
    /// lookups of its generic parameters.
    @inline(__always)
    private mutating func performAny(now: Tick) {
        if !effects.list.isEmpty { perform(now: now) }
    }

    private mutating func perform(now: Tick) {
        while !effects.list.isEmpty {
            swap(&effects, &batch)
            for effect in batch.list { perform(effect, now: now) }
            batch.removeAll()
        }
        guard !told.isEmpty else { return }
        uploader.put(told, isUrgent: isTellingUrgent)
        told.removeAll(keepingCapacity: true)
        isTellingUrgent = false
    }

    private mutating func perform(_ effect: DownloaderEffect, now: Tick) {
        switch effect {
        case .send(let message, let tail, let rank):
            machine.work.noteSent(message)
            line.send(message, tail: batch.bytes(of: tail), to: rank, now: now)
        case .wake(let tick): alarm = min(alarm, tick)
        case .store(let order, let tail):
            let bytes = batch.bytes(of: tail)
            disk.perform(order, bytes: unsafe bytes.span.bytes)
        case .lend(let request, let source, let byteCount):
            line.network.expect(
                disk.blank(byteCount: byteCount), from: source, request: request)
        case .withdraw(let request): line.network.withdraw(request)
        case .keep(let request, let piece, let content, let digest):
            disk.keep(line.network.take(request), as: piece, of: content, digest: digest)
        case .discard(let request): disk.discard(line.network.take(request))
        case .report(let item): news?.put(item)
        case .tell(let note):
            told.append(note)
            isTellingUrgent = isTellingUrgent || !note.isOnlyNews
        case .happened(let happening): witness?.tell(happening, now: now)
        case .takeOver(let inheritance): heir?.put(.takeOver(inheritance))
        case .standDown: heir?.put(.standDown)
        case .ended: break
        }
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { line.network }
}
