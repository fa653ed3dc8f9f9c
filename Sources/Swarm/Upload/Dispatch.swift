import Vocabulary
import Wire

/// Requests from their arrival to the payload's last byte and, where this rank decides, the offers
/// before them.
///
/// Invariant: a link's counts are those of its rows, and the active and the slow sends are no more
/// than the rules allow.
struct Dispatch: Sendable {
    let rules: UploaderRules
    var audience: Audience
    var sends: [SendRow] = []
    var offers: OfferBook
    /// The neighbours to which the next offer may go; kept for its capacity.
    var eligible: [Int] = []
    /// The content from which the next offer is tried first.
    var turn = 0
    var pace: SendPace
    /// Links that were stuck and have taken everything that was under way; they are unchoked next.
    var unstuck: [Int] = []
    private var nextTicket: UInt32 = 0
    var slowSendCount = 0

    init(_ rules: UploaderRules, rank: Rank) {
        self.rules = rules
        audience = Audience(rules, rank: rank)
        offers = OfferBook(rules)
        pace = SendPace(rules)
    }

    /// A content may take the place of another one only if nothing of that is under way.
    mutating func add(_ row: ServedContent) {
        let (sends, offers) = (sends, offers.rows)
        audience.add(row) { index in
            !sends.contains { $0.content == index } && !offers.contains { $0.content == index }
        }
    }

    var activeMax: Int { pace.activeMax }

    var activeSends: Int { sends.activeCount }

    mutating func requested(
        _ content: ContentID, _ piece: UInt32, _ request: RequestNumber, by rank: Rank,
        offer: UInt32 = 0, isOpen: Bool, now: Tick, effects: inout Effects<UploaderEffect>
    ) {
        func refuse(_ refusal: Refusal) {
            let message = DownloadMessage.nack(content, piece: piece, request: request, refusal)
            effects.append(.send(.download(message), .none, to: rank))
        }
        guard isOpen else { return refuse(.shuttingDown) }
        guard let index = audience.indexOfContent[content] else { return refuse(.noSuchContent) }
        let geometry = audience.contents[index].geometry
        guard let held = PieceIndex(piece, below: geometry.pieceCount),
            audience.contents[index].held.contains(held)
        else { return refuse(.notHeld) }
        guard geometry.carriesBytes else {
            let message = DownloadMessage.ack(content, piece: piece, run: 1, request: request)
            return effects.append(.send(.download(message), .none, to: rank))
        }
        let link = audience.link(of: rank)
        guard audience.links[link].isNew(request) else { return }
        guard !audience.links[link].isChoked else { return refuse(.choked) }
        guard audience.links[link].waiting < rules.requestsPerLinkMax,
            sends.hasRoom(of: SendPace.sendsMax)
        else { return refuse(.tooMany) }
        guard !isTooLate(offer: offer, to: link, now: now) else { return refuse(.busy) }
        nextTicket &+= 1
        audience.contents[index].served(held)
        audience.links[link].wait(for: request)
        sends.append(
            SendRow(
                ticket: ReadTicket(nextTicket), content: index, piece: held,
                byteCount: geometry.size(of: held), request: request, link: link))
        withdrawOffers(now: now, &effects)
    }

    mutating func cancelled(
        _ request: RequestNumber, by rank: Rank, _ effects: inout Effects<UploaderEffect>
    ) {
        guard
            let row = sends.firstIndex(where: {
                $0.request == request && audience.roster[$0.link] == rank && $0.stage != .sending
            })
        else { return }
        refuse(row, .cancelled, &effects)
    }

    mutating func refuseWaiting(
        of link: Int, _ refusal: Refusal, _ effects: inout Effects<UploaderEffect>
    ) {
        guard audience.links[link].waiting > 0 else { return }
        for row in sends.indices.reversed()
        where sends[row].link == link && sends[row].stage != .sending {
            refuse(row, refusal, &effects)
        }
    }

    mutating func refuse(
        _ row: Int, _ refusal: Refusal, _ effects: inout Effects<UploaderEffect>
    ) {
        let send = sends.remove(at: row)
        audience.links[send.link].waiting -= 1
        audience.contents[send.content].unserved(send.piece)
        if send.stage != .waiting { effects.append(.release(send.ticket)) }
        let message = DownloadMessage.nack(
            audience.contents[send.content].content, piece: send.piece.raw, request: send.request,
            refusal)
        effects.append(.send(.download(message), .none, to: audience.links[send.link].rank))
    }

    /// The next time at which something may have to be done without an event.
    func nextDeadline(before latest: Tick, now: Tick) -> Tick {
        let isFree = audience.isOffering && freeSends(now: now) > 0
        var next = min(latest, offers.nextDeadline(isFree: isFree, after: now))
        for send in sends where send.stage == .sending && !send.isStuck {
            next = min(next, send.timing.next(isSlow: send.isSlow, after: now))
        }
        let hasRoom = sharesLinks ? isFree : activeSends + offers.rows.count < activeMax
        if audience.isOffering, hasRoom {
            for link in audience.links where link.interests > 0 && link.restsUntil > now {
                next = min(next, link.restsUntil)
            }
        }
        return next
    }

    func checkInvariants() {
        audience.checkInvariants()
        for (index, link) in audience.links.enumerated() {
            sends.checkInvariants(of: index, link)
            precondition(
                offers.rows.contains { $0.link == index } == link.hasOffer, "an offer drifted")
        }
        precondition(activeSends <= activeMax, "too many active sends")
        precondition(
            sends.count { $0.isSlow } <= rules.slowSendsMax, "too many slow sends")
    }
}
