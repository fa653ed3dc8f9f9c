import Node
import Swarm
import Vocabulary
import Wire

/// The users of a standing job: they give the orders of the script, and check the answers.
final class SimulatedStanding {
    private struct Order {
        let rank: Int
        /// The content that it should fetch; nil for questions.
        let content: Int?
        /// It was given after everything had healed and settled, so it must succeed.
        let isLast: Bool
        /// Its content has been gone for long enough that all ranks know it.
        var isVain = false
        var isAnswered = false
        var isDelivered = false
    }

    /// After this time all ranks know what the others have, and those that were away are back.
    private static let settling = Duration.seconds(30)
    /// The time for which a tracker may still list a holder that is gone.
    private static let memory = Duration.seconds(25)

    let script: StandingScript
    /// The time at which all ranks fetch the content that stays.
    let lastAt: Tick
    private let options: SimulationOptions
    private let network: SimulatedNetwork
    private let names: [RelativePath]
    private var orders: [Order] = []
    /// By content, the ranks whose users share it or have fetched it.
    private var holders: [Set<Int>]
    /// By content, the time since which no rank has it.
    private var goneSince: [Tick]
    /// By rank, its last order.
    private var lastOrders: [Int: Int] = [:]
    /// A user has ordered the end of the job.
    var isEndWanted = false

    init?(_ options: SimulationOptions, _ network: SimulatedNetwork, healsAt: Tick, bound: Duration)
    {
        self.options = options
        self.network = network
        let end = healsAt == .zero ? .zero + bound + Self.settling : healsAt
        script = StandingScript(options, within: (end - .zero) / 10 * 9)
        lastAt = end + Self.settling
        var names: [RelativePath] = []
        for content in 0...options.standing.passing {
            let isRival = options.standing.hasRivals && content == 2
            do throws(PathError) {
                names.append(try RelativePath("content-\(isRival ? 1 : content)"))
            } catch { return nil }
        }
        self.names = names
        holders = [Set<Int>](repeating: [], count: names.count)
        goneSince = [Tick](repeating: .zero, count: names.count)
    }

    static func contents(_ options: SimulationOptions, _ geometry: Geometry) -> [SimulatedContent] {
        (0...options.standing.passing).map { SimulatedContent(UInt64($0 + 1), geometry) }
    }

    // MARK: Orders

    /// The orders of a rank's folders and users when it begins.
    func beginning(of rank: Int) -> [LiveOrder] {
        guard script.owners[0].contains(rank) else { return [.looked] }
        return [.share([shared(0, by: rank)]), .looked]
    }

    /// The orders of one step of the script.
    func orders(of step: StandingScript.Step) -> [DownloaderNote] {
        let rank = step.rank
        switch step.deed {
        case .reads(let content):
            let size = known(content).geometry.total
            return [.ordered(.reading([Share.Reading(name: names[content], size: size)]))]
        case .readsNot(let content): return [.ordered(.notReading([names[content]]))]
        case .share(let content): return [.ordered(.share([shared(content, by: rank)]))]
        case .renew(let content): return [.ordered(.renew(shared(content, by: rank)))]
        case .unshare(let content):
            noHolder(content, rank)
            let gone = Share.Gone(name: names[content], content: known(content).content)
            return [.ordered(.unshare([gone]))]
        case .vanish(let content):
            noHolder(content, rank)
            return [.pieceLost(PieceIndex(0), of: known(content).content)]
        case .get(let content, let way): return [.ordered(get(content, way, by: rank))]
        case .catalog: return [.ordered(.catalog(ticket(rank)))]
        case .roll(let content):
            let topic = content.map { known($0).content } ?? .none
            return [.ordered(.roll(ticket(rank), of: topic))]
        case .holding(let content, let other):
            return [
                .ordered(
                    .holding(ticket(rank), of: known(content).content, at: Rank(Int32(other))))
            ]
        case .status: return [.ordered(.status(ticket(rank)))]
        case .warn: return [.ordered(.warn("a file is not offered"))]
        case .leave: return [.ordered(.leave(ticket(rank)))]
        case .join: return [.ordered(.join(ticket(rank)))]
        }
    }

    /// Each rank fetches the content that is there from start to end.
    func lastOrders(of rank: Int) -> [LiveOrder] {
        let join = LiveOrder.join(ticket(rank))
        lastOrders[rank] = orders.count
        let way: StandingScript.Way = rank % 2 == 0 ? .name : .content
        return [join, get(0, way, by: rank, isLast: true)]
    }

    private func get(
        _ content: Int, _ way: StandingScript.Way, by rank: Int, isLast: Bool = false
    ) -> LiveOrder {
        let ticket = ticket(rank, content, isLast: isLast)
        let number = known(content).content
        let owner = script.owners[content].first { $0 != rank }
        guard way == .source, let owner else {
            return .get(
                GetOrder(
                    ticket: ticket,
                    choice: way == .content ? .content(number) : .name(names[content])))
        }
        return .get(
            GetOrder(ticket: ticket, choice: .content(number), source: Rank(Int32(owner))))
    }

    private func ticket(_ rank: Int, _ content: Int? = nil, isLast: Bool = false) -> OrderTicket {
        var order = Order(rank: rank, content: content, isLast: isLast)
        if let content {
            let isRival = names.count { $0 == names[content] } > 1
            order.isVain =
                !isRival && holders[content].isEmpty
                && network.now >= goneSince[content] + Self.memory
        }
        orders.append(order)
        return OrderTicket(UInt64(orders.count - 1))
    }

    private func known(_ content: Int) -> SimulatedContent { network.state.contents[content] }

    private func shared(_ content: Int, by rank: Int) -> Share.Owned {
        let known = known(content)
        network.state.disks[rank].own(known.content)
        holder(content, rank)
        return Share.Owned(
            name: names[content], content: known.content, geometry: known.geometry,
            manifest: Descriptor(inline: known.manifest))
    }

    // MARK: Holders

    private func holder(_ content: Int, _ rank: Int) {
        holders[content].insert(rank)
        for place in orders.indices where orders[place].content == content {
            orders[place].isVain = false
        }
    }

    private func noHolder(_ content: Int, _ rank: Int) {
        guard holders[content].remove(rank) != nil, holders[content].isEmpty else { return }
        goneSince[content] = network.now
    }

    func died(_ rank: Int) {
        for content in holders.indices { noHolder(content, rank) }
    }

    // MARK: Answers

    func heard(_ news: LiveNews) {
        switch news {
        case .delivered(let ticket, let content): delivered(Int(ticket.raw), content)
        case .failed(let ticket, _):
            answered(ticket)
            let order = orders[Int(ticket.raw)]
            guard order.isLast else { return }
            network.state.watch?.note(.countedLost(at: Rank(Int32(order.rank))))
        case .catalog(let ticket, _), .roll(let ticket, _), .status(let ticket, _),
            .holding(let ticket, _), .done(let ticket):
            answered(ticket)
        }
    }

    private func delivered(_ number: Int, _ content: ContentID) {
        answered(OrderTicket(UInt64(number)))
        orders[number].isDelivered = true
        let rank = Rank(Int32(orders[number].rank))
        if orders[number].isVain { network.state.watch?.note(.deliveredWithdrawn(at: rank)) }
        guard let place = network.state.contents.firstIndex(where: { $0.content == content }) else {
            return
        }
        holder(place, Int(rank.raw))
    }

    private func answered(_ ticket: OrderTicket) {
        let place = Int(ticket.raw)
        if orders[place].isAnswered {
            network.state.watch?.note(.answeredTwice(at: Rank(Int32(orders[place].rank))))
        }
        orders[place].isAnswered = true
    }

    /// Whether its last order succeeded.
    func isSatisfied(_ rank: Int) -> Bool {
        lastOrders[rank].map { orders[$0].isDelivered } ?? false
    }

    /// The number of orders of that rank which have no answer yet.
    func unanswered(_ rank: Int) -> Int { orders.count { $0.rank == rank && !$0.isAnswered } }
}
