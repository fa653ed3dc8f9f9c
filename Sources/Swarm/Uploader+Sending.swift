package import Vocabulary
import Wire

/// Requests, from their coming to the last byte's leaving.
extension Uploader {
    var activeMax: Int {
        switch rules.serving {
        case .onRequest: Self.sendsMax
        case .cooperative: rules.sendsActiveMax
        case .titForTat: rules.preferredMax + 1
        }
    }

    /// Where everybody is sent what it asked for, what bounds the sends is the network.
    static let sendsMax = 1024

    var activeSends: Int { sends.count { $0.stage == .sending && !$0.isSlow } }

    mutating func requested(
        _ content: ContentID, _ piece: UInt32, _ request: RequestNumber, by rank: Rank,
        effects: inout Effects<UploaderEffect>
    ) {
        func refuse(_ refusal: Refusal) {
            let message = DownloadMessage.nack(content, piece: piece, request: request, refusal)
            effects.append(.send(.download(message), .none, to: rank))
        }
        guard stage == .serving else { return refuse(.shuttingDown) }
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
        guard links[link].waiting < rules.requestsPerLinkMax, sends.count < Self.sendsMax,
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
                $0.request == request && linkRanks[$0.link] == rank && $0.stage != .sending
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

    private mutating func refuse(
        _ row: Int, _ refusal: Refusal, _ effects: inout Effects<UploaderEffect>
    ) {
        let send = sends.remove(at: row)
        links[send.link].waiting -= 1
        if send.stage != .waiting { effects.append(.release(send.ticket)) }
        let message = DownloadMessage.nack(
            contents[send.content].content, piece: send.piece.raw, request: send.request, refusal)
        effects.append(.send(.download(message), .none, to: links[send.link].rank))
    }

    /// Reads ahead of the sends by as many as can be under way, so that the disk is not waited
    /// for between two of them.
    mutating func startReads(_ effects: inout Effects<UploaderEffect>) {
        var ahead = sends.count { $0.stage == .reading || $0.stage == .ready }
        for row in sends.indices where sends[row].stage == .waiting {
            guard ahead < activeMax + 1 else { return }
            ahead += 1
            sends[row].stage = .reading
            let content = contents[sends[row].content].content
            effects.append(.read(sends[row].piece, of: content, sends[row].ticket))
        }
    }

    /// What was read is at hand, or could not be read.
    package mutating func readDone(
        _ ticket: ReadTicket, isGood: Bool, now: Tick, effects: inout Effects<UploaderEffect>
    ) {
        isScheduleDue = true
        guard let row = sends.firstIndex(where: { $0.ticket == ticket }) else {
            if isGood { effects.append(.release(ticket)) }
            return
        }
        guard isGood else { return refuse(row, .unreadable, &effects) }
        sends[row].stage = .ready
    }

    mutating func startSends(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        var active = activeSends
        var slow = sends.count { $0.isSlow }
        for row in sends.indices where sends[row].stage == .ready {
            let link = sends[row].link
            guard rules.serving == .onRequest || links[link].sends == 0 else { continue }
            let isSlow = links[link].isSlow && rules.serving == .cooperative
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
        links[send.link].waiting -= 1
        links[send.link].sends += 1
        if let sendRate, rules.serving == .cooperative {
            let expected = Duration.seconds(Double(send.byteCount) / sendRate)
            let answer = answers.latest ?? .zero
            sends[row].nearEnd = now + (expected > answer ? expected - answer : .zero)
            if !send.isSlow { sends[row].slowAt = now + expected * 2 + Self.slowGrace }
        }
        let content = contents[send.content].content
        let message = DownloadMessage.ack(
            content, piece: send.piece.raw, run: 1, request: send.request)
        effects.append(.send(.download(message), .none, to: links[send.link].rank))
        effects.append(.sendPayload(send.ticket, to: links[send.link].rank, send.request))
    }

    private static let slowGrace = Duration.milliseconds(5)

    /// The last byte of a payload has left.
    package mutating func payloadSent(_ request: RequestNumber, to rank: Rank, now: Tick) {
        isScheduleDue = true
        guard
            let row = sends.firstIndex(where: {
                $0.request == request && linkRanks[$0.link] == rank && $0.stage == .sending
            })
        else { return }
        let send = sends.remove(at: row)
        links[send.link].sends -= 1
        let took = (now - send.startedAt).inSeconds
        guard took > 0 else { return }
        let rate = Double(send.byteCount) / took
        let usual = sendRate ?? rate
        links[send.link].isSlow = rate < usual / 2
        // What the slow ones take says nothing of what we can send, but if all are slow, it does.
        sendRate = rate > usual ? rate : usual * 0.95 + rate * 0.05
    }

    mutating func noteSlowSends(now: Tick) {
        var slow = sends.count { $0.isSlow }
        for row in sends.indices
        where sends[row].stage == .sending && !sends[row].isSlow && sends[row].slowAt <= now {
            links[sends[row].link].isSlow = true
            guard slow < rules.slowSendsMax else { continue }
            slow += 1
            slowSendCount += 1
            sends[row].isSlow = true
        }
    }
}
