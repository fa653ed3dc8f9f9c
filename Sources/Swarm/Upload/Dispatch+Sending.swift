import Vocabulary
import Wire

/// The way of a request, from its arrival to the payload's last byte.
extension Dispatch {
    /// Starts reads ahead of the sends, one for each possible send, so that no send waits for the
    /// disk. A link that gets one piece at a time has one read ahead; otherwise the requests of one
    /// link, or of slow links, would keep all others waiting.
    mutating func startReads(_ effects: inout Effects<UploaderEffect>) {
        let isOneEach = rules.serving != .onRequest
        var ahead = sends.count { $0.isAhead && !(isOneEach && audience.links[$0.link].sends > 0) }
        for row in sends.indices where sends[row].stage == .waiting {
            let link = sends[row].link
            let isNext = isOneEach && audience.links[link].sends > 0
            guard isNext || ahead < activeMax + 1 else { continue }
            guard !isOneEach || !sends.contains(where: { $0.link == link && $0.isAhead }) else {
                continue
            }
            if !isNext { ahead += 1 }
            sends[row].stage = .reading
            let content = audience.contents[sends[row].content].content
            effects.append(.read(sends[row].piece, of: content, sends[row].ticket))
        }
    }

    /// A read has ended, well or not.
    mutating func readDone(
        _ ticket: ReadTicket, isGood: Bool, digest: PieceDigest?,
        effects: inout Effects<UploaderEffect>
    ) {
        guard let row = sends.firstIndex(where: { $0.ticket == ticket }) else {
            if isGood { effects.append(.release(ticket)) }
            return
        }
        guard isGood else { return lose(row, &effects) }
        sends[row].stage = .ready
        sends[row].digest = digest
    }

    /// This rank's disk cannot read the piece: it is no longer held, and this rank is no seed.
    private mutating func lose(_ row: Int, _ effects: inout Effects<UploaderEffect>) {
        // Nothing was read, so there is no buffer to release.
        sends[row].stage = .waiting
        let (index, piece) = (sends[row].content, sends[row].piece)
        if audience.contents[index].lost(piece) {
            effects.append(.tell(.pieceLost(piece, of: audience.contents[index].content)))
            audience.announceLoss(of: piece, index, &effects)
        }
        for row in sends.indices.reversed()
        where sends[row].content == index && sends[row].piece == piece
            && sends[row].stage == .waiting
        {
            refuse(row, .unreadable, &effects)
        }
    }

    /// Quick links come first. A slow one takes an active send's place only if no quick one can.
    mutating func startSends(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard sends.contains(where: { $0.stage == .ready }) else { return }
        startSends(toSlow: false, now: now, &effects)
        startSends(toSlow: true, now: now, &effects)
    }

    private mutating func startSends(
        toSlow isSlow: Bool, now: Tick, _ effects: inout Effects<UploaderEffect>
    ) {
        var active = activeSends
        var slow = sends.count { $0.isSlow }
        for row in sends.indices where sends[row].stage == .ready {
            let link = sends[row].link
            guard isSlow == (audience.links[link].isSlow && rules.serving == .cooperative) else {
                continue
            }
            guard rules.serving == .onRequest || audience.links[link].sends < pace.perLinkMax else {
                continue
            }
            if isSlow && slow < rules.slowSendsMax {
                slow += 1
                sends[row].isSlow = true
            } else {
                guard active < activeMax else { continue }
                active += 1
            }
            start(row, now: now, &effects)
        }
    }

    private mutating func start(
        _ row: Int, now: Tick, _ effects: inout Effects<UploaderEffect>
    ) {
        let send = sends[row]
        sends[row].stage = .sending
        sends[row].timing.startedAt = now
        sends[row].timing.stuckAt = now + pace.patience(of: send.byteCount)
        audience.links[send.link].waiting -= 1
        audience.links[send.link].sends += 1
        if audience.isOffering {
            audience.contents[send.content].gave(send.piece, to: send.link)
            pace.schedule(&sends[row], answer: offers.answers.latest, now: now)
        }
        let content = audience.contents[send.content].content
        let message = DownloadMessage.ack(
            content, piece: send.piece.raw, run: 1, request: send.request)
        let tail = send.digest.map { digest in effects.tail { $0 += digest.bytes } } ?? .none
        effects.append(.send(.download(message), tail, to: audience.links[send.link].rank))
        effects.append(
            .sendPayload(
                send.ticket, to: audience.links[send.link].rank, send.request,
                byteCount: send.byteCount))
    }

    /// The last byte of a payload has left.
    mutating func payloadSent(_ request: RequestNumber, to rank: Rank, now: Tick) {
        guard
            let row = sends.firstIndex(where: {
                $0.request == request && audience.roster[$0.link] == rank && $0.stage == .sending
            })
        else { return }
        let send = sends.remove(at: row)
        audience.links[send.link].sends -= 1
        audience.noteGiven(send)
        if send.isStuck { noteUnstuck(send.link) }
        let took = (now - send.timing.startedAt).inSeconds
        guard took > 0 else { return }
        let rate = Double(send.byteCount) / took
        if rules.serving == .cooperative { audience.mark(send.link, isSlow: pace.isSlow(rate)) }
        pace.sent(send, at: rate, activeSends: activeSends, turnaround: offers.turnaround)
        if let usual = pace.usual { offers.pieceTime = .seconds(Double(send.byteCount) / usual) }
    }

    mutating func noteSlowSends(now: Tick) {
        noteOverruns(now: now)
        var slow = sends.count { $0.isSlow }
        for row in sends.indices
        where sends[row].stage == .sending && !sends[row].isSlow && !sends[row].isStuck
            && sends[row].timing.slowAt <= now
        {
            audience.mark(sends[row].link, isSlow: true)
            if sends[row].timing.hasOverrun { pace.shortSendWasSlow() }
            sends[row].timing.hasOverrun = false
            guard slow < rules.slowSendsMax else { continue }
            slow += 1
            slowSendCount += 1
            sends[row].isSlow = true
        }
    }
}
