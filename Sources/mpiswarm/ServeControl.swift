import Control
import Node
import Storage
import Swarm
import Vocabulary

/// The thread that listens to the users of a rank.
struct ServeControl {
    private let links: ServeLinks
    private let clock: ProcessClock
    private let rank: Rank

    init(_ links: ServeLinks, _ clock: ProcessClock, rank: Rank) {
        self.links = links
        self.clock = clock
        self.rank = rank
    }

    /// How long an answer of the machines may wait here, and how long nobody's question may.
    private static let expectantMilliseconds: Int32 = 2
    private static let idleMilliseconds: Int32 = 100

    func work(_ server: consuming ControlServer) {
        var server = server
        var desk = ControlDesk(rank: rank, surroundings)
        var news: [LiveNews] = []
        var shareNews: [ShareNews] = []
        while links.stop.isEmpty {
            let wait = desk.isExpecting ? Self.expectantMilliseconds : Self.idleMilliseconds
            for event in server.step(milliseconds: server.isBusy ? 0 : wait) {
                switch event {
                case .line(let line, let client): desk.asked(line, by: client, now: clock.now)
                case .left(let client): desk.left(client)
                }
            }
            links.news.empty(into: &news)
            for item in news { desk.heard(item, now: clock.now) }
            news.removeAll(keepingCapacity: true)
            links.shareNews.empty(into: &shareNews)
            for item in shareNews { desk.shareDone(item.ticket, error: item.error) }
            shareNews.removeAll(keepingCapacity: true)
            desk.timeout(now: clock.now)
            perform(desk.takeOutputs(), &server)
        }
        desk.closed()
        perform(desk.takeOutputs(), &server)
        _ = server.step(milliseconds: 0)
    }

    private var surroundings: ControlDesk.Surroundings {
        let (book, destinations) = (links.book, links.destinations)
        return ControlDesk.Surroundings(
            place: { book.path(of: $0) }, sharing: { book.counts },
            landing: { ticket in
                switch destinations.outcome(of: ticket.raw) {
                case .lies(let path, let name): .lies(at: path, name: name)
                case .trouble(let words): .trouble(words)
                case nil: .nothing
                }
            })
    }

    private func perform(_ outputs: [ControlOutput], _ server: inout ControlServer) {
        for output in outputs {
            switch output {
            case .order(let order): links.down.put(.ordered(order))
            case .share(let path, let ticket): links.shareOrders.put(.share(path, ticket))
            case .unshare(let name, let ticket): links.shareOrders.put(.unshare(name, ticket))
            case .expect(let ticket, let path): links.destinations.expect(ticket.raw, at: path)
            case .say(let text, let client): server.say(text, to: client)
            case .ready(let client): server.ready(client)
            case .hangUp(let client): server.hangUp(client)
            }
        }
    }
}
