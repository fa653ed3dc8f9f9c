package import Vocabulary
import Wire

/// Requests, from their coming to the last byte's leaving.
extension Uploader {
    var activeMax: Int {
        switch rules.serving {
        case .onRequest: Self.sendsMax
        case .cooperative: rules.sendsActiveMax + outflow.places
        case .titForTat: rules.preferredMax + 1
        }
    }

    /// Where everybody is sent what it asked for, what bounds the sends is the network.
    static let sendsMax = 1024

    var activeSends: Int {
        sends.count {
            $0.stage == .sending && !$0.isSlow && !$0.isStuck
        }
    }

    /// What is stuck may stay for ever, and must not fill the table.
    private var hasRoomForSend: Bool {
        sends.count < Self.sendsMax || sends.count { !$0.isStuck } < Self.sendsMax
    }

    mutating func requested(
        _ content: ContentID, _ piece: UInt32, _ request: RequestNumber, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) {
        func refuse(_ refusal: Refusal) {
            let message = DownloadMessage.nack(content, piece: piece, request: request, refusal)
            effects.append(.send(.download(message), .none, to: rank))
        }
        guard stage == .serving, !isAway else { return refuse(.shuttingDown) }
        guard let index = indexOfContent[content] else { return refuse(.noSuchContent) }
        let geometry = contents[index].geometry
        guard let held = PieceIndex(piece, below: geometry.pieceCount),
            contents[index].held.contains(held)
        else { return refuse(.notHeld) }
        guard geometry.carriesBytes else {
            let message = DownloadMessage.ack(content, piece: piece, run: 1, request: request)
            return effects.append(.send(.download(message), .none, to: rank))
        }
        let link = link(of: rank)
        guard !links[link].isChoked else { return refuse(.choked) }
        guard links[link].waiting < rules.requestsPerLinkMax, hasRoomForSend,
            !sends.contains(where: { $0.link == link && $0.request == request })
        else { return refuse(.tooMany) }
        nextTicket &+= 1
        contents[index].served(held)
        links[link].waiting += 1
        sends.append(
            SendRow(
                ticket: ReadTicket(nextTicket), content: index, piece: held,
                byteCount: geometry.size(of: held), request: request, link: link))
    }

    mutating func cancelled(
        _ request: RequestNumber, by rank: Rank, _ effects: inout Effects<UploaderEffect>
    ) {
        guard
            let row = sends.firstIndex(where: {
                $0.request == request && linkRoster[$0.link] == rank && $0.stage != .sending
            })
        else { return }
        refuse(row, .cancelled, &effects)
    }

    mutating func refuseWaiting(
        of link: Int, _ refusal: Refusal, _ effects: inout Effects<UploaderEffect>
    ) {
        guard links[link].waiting > 0 else { return }
        for row in sends.indices.reversed()
        where sends[row].link == link && sends[row].stage != .sending {
            refuse(row, refusal, &effects)
        }
    }

    mutating func refuse(
        _ row: Int, _ refusal: Refusal, _ effects: inout Effects<UploaderEffect>
    ) {
        let send = sends.remove(at: row)
        links[send.link].waiting -= 1
        contents[send.content].unserved(send.piece)
        if send.stage != .waiting { effects.append(.release(send.ticket)) }
        let message = DownloadMessage.nack(
            contents[send.content].content, piece: send.piece.raw, request: send.request, refusal)
        effects.append(.send(.download(message), .none, to: links[send.link].rank))
    }

    /// Reads ahead of the sends by as many as can be under way, so that the disk is not waited
    /// for between two of them. Where links are sent one piece at a time each has one read ahead:
    /// else the requests of one, or of those that take long, would keep all others waiting.
    mutating func startReads(_ effects: inout Effects<UploaderEffect>) {
        let isOneEach = rules.serving != .onRequest
        var ahead = sends.count { $0.isAhead && !(isOneEach && links[$0.link].sends > 0) }
        for row in sends.indices where sends[row].stage == .waiting {
            let link = sends[row].link
            let isNext = isOneEach && links[link].sends > 0
            guard isNext || ahead < activeMax + 1 else { continue }
            guard !isOneEach || !sends.contains(where: { $0.link == link && $0.isAhead }) else {
                continue
            }
            if !isNext { ahead += 1 }
            sends[row].stage = .reading
            let content = contents[sends[row].content].content
            effects.append(.read(sends[row].piece, of: content, sends[row].ticket))
        }
    }

    /// What was read is at hand, or could not be read.
    package mutating func readDone(
        _ ticket: ReadTicket, isGood: Bool, digest: PieceDigest? = nil, now: Tick,
        effects: inout Effects<UploaderEffect>
    ) {
        isScheduleDue = true
        guard let row = sends.firstIndex(where: { $0.ticket == ticket }) else {
            if isGood { effects.append(.release(ticket)) }
            return
        }
        guard isGood else { return lose(row, &effects) }
        sends[row].stage = .ready
        sends[row].digest = digest
    }

    /// Our own disk does not give the piece back: it is held no more, and we are no seed.
    private mutating func lose(_ row: Int, _ effects: inout Effects<UploaderEffect>) {
        // Nothing was read, so there is nothing to let go of.
        sends[row].stage = .waiting
        let (index, piece) = (sends[row].content, sends[row].piece)
        if contents[index].lost(piece) {
            effects.append(.tell(.pieceLost(piece, of: contents[index].content)))
            announceLoss(of: piece, index, &effects)
        }
        for row in sends.indices.reversed()
        where sends[row].content == index && sends[row].piece == piece
            && sends[row].stage == .waiting
        {
            refuse(row, .unreadable, &effects)
        }
    }

    /// The quick ones first: a slow one takes an active send's place only when nobody else can.
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
            guard isSlow == (links[link].isSlow && rules.serving == .cooperative) else { continue }
            guard rules.serving == .onRequest || links[link].sends == 0 else { continue }
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
        sends[row].startedAt = now
        sends[row].stuckAt = now + sendPatience(of: send.byteCount)
        links[send.link].waiting -= 1
        links[send.link].sends += 1
        if isOffering {
            contents[send.content].gave(send.piece, to: send.link)
            schedule(row, now: now)
        }
        let content = contents[send.content].content
        let message = DownloadMessage.ack(
            content, piece: send.piece.raw, run: 1, request: send.request)
        let tail = send.digest.map { digest in effects.tail { $0 += digest.bytes } } ?? .none
        effects.append(.send(.download(message), tail, to: links[send.link].rank))
        effects.append(
            .sendPayload(
                send.ticket, to: links[send.link].rank, send.request, byteCount: send.byteCount))
    }

    /// When the send should be about to end, and from when on it is slow.
    private mutating func schedule(_ row: Int, now: Tick) {
        guard rules.serving == .cooperative else {
            // Each link has a slot of its own, so its next piece may be settled right away.
            sends[row].nearEnd = now
            return
        }
        let mayBeSlow = !sends[row].isSlow
        guard let usual = outflow.usual else {
            if mayBeSlow { sends[row].slowAt = now + firstSendPatience(of: sends[row].byteCount) }
            return
        }
        let expected = Duration.seconds(Double(sends[row].byteCount) / usual)
        let answer = answers.latest ?? .zero
        sends[row].nearEnd = now + (expected > answer ? expected - answer : .zero)
        if mayBeSlow { sends[row].slowAt = now + expected * 2 + Self.slowGrace }
    }

    private static let slowGrace = Duration.milliseconds(5)

    /// The last byte of a payload has left.
    package mutating func payloadSent(_ request: RequestNumber, to rank: Rank, now: Tick) {
        isScheduleDue = true
        guard
            let row = sends.firstIndex(where: {
                $0.request == request && linkRoster[$0.link] == rank && $0.stage == .sending
            })
        else { return }
        let send = sends.remove(at: row)
        links[send.link].sends -= 1
        noteGiven(send)
        if send.isStuck { noteUnstuck(send.link) }
        let took = (now - send.startedAt).inSeconds
        guard took > 0 else { return }
        let rate = Double(send.byteCount) / took
        if rules.serving == .cooperative {
            mark(send.link, isSlow: rate < (outflow.usual ?? rate) / 2)
        }
        outflow.note(rate, among: send.isSlow || send.isStuck ? 0 : activeSends + 1)
    }

    mutating func noteSlowSends(now: Tick) {
        var slow = sends.count { $0.isSlow }
        for row in sends.indices
        where sends[row].stage == .sending && !sends[row].isSlow && !sends[row].isStuck
            && sends[row].slowAt <= now
        {
            mark(sends[row].link, isSlow: true)
            guard slow < rules.slowSendsMax else { continue }
            slow += 1
            slowSendCount += 1
            sends[row].isSlow = true
        }
    }
}
