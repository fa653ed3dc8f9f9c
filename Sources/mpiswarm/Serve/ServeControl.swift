import CommandLine
import Control
import Glibc
import Launch
import Node
import Storage
import Swarm
import Vocabulary

/// The thread that listens to the users of a rank.
struct ServeControl {
    private let links: ServeLinks
    private let clock: ProcessClock
    private let rank: Rank
    private let crew: DiskWorkers

    init(_ links: ServeLinks, _ clock: ProcessClock, _ crew: DiskWorkers, rank: Rank) {
        self.links = links
        self.crew = crew
        self.clock = clock
        self.rank = rank
    }

    /// The interval of looks at what users wait for: whether it is late or has come further.
    private static let expectantRest = Duration.milliseconds(20)
    private static let idleRest = Duration.seconds(10)

    func work(_ server: consuming ControlServer) {
        var server = server
        var machine = ControlMachine(rank: rank, surroundings)
        var news: [LiveNews] = []
        var shareNews: [ShareNews] = []
        var descriptions: [DescriptionNews] = []
        while links.stop.isEmpty {
            if !server.isBusy {
                let wait = machine.isExpecting ? Self.expectantRest : Self.idleRest
                _ = links.controlBell.rest(atMost: wait, watching: server.watches)
            }
            for event in server.step(milliseconds: 0) {
                switch event {
                case .line(let line, let client): machine.asked(line, by: client, now: clock.now)
                case .left(let client): machine.left(client)
                }
            }
            links.news.empty(into: &news)
            for item in news { machine.heard(item, now: clock.now) }
            news.removeAll(keepingCapacity: true)
            links.shareNews.empty(into: &shareNews)
            for item in shareNews { machine.shareDone(item.ticket, error: item.error) }
            shareNews.removeAll(keepingCapacity: true)
            links.described.empty(into: &descriptions)
            for item in descriptions {
                machine.described(
                    item.ticket, name: item.name, size: item.size, content: item.content)
            }
            descriptions.removeAll(keepingCapacity: true)
            machine.timeout(now: clock.now)
            perform(machine.takeOutputs(), &server)
        }
        machine.closed()
        perform(machine.takeOutputs(), &server)
        _ = server.step(milliseconds: 0)
    }

    private var surroundings: ControlMachine.Surroundings {
        let (book, destinations) = (links.book, links.destinations)
        return ControlMachine.Surroundings(
            place: { book.path(of: $0) },
            sharing: {
                let (done, found) = book.counts
                let refusals = book.refusals(atMost: SharingState.refusalsMax)
                return SharingState(
                    done: done, found: found, refused: refusals.count,
                    first: refusals.first.map { ($0.name, $0.error.whyNotOffered) })
            },
            landing: { ticket in
                switch destinations.outcome(of: ticket.raw) {
                case .lies(let path, let name): .lies(at: path, name: name)
                case .trouble(let words): .trouble(words)
                case .differs(let words): .differs(words)
                case nil: .nothing
                }
            },
            isThere: { unsafe access($0, F_OK) == 0 })
    }

    private func perform(_ outputs: [ControlOutput], _ server: inout ControlServer) {
        for output in outputs {
            switch output {
            case .order(let order): links.down.put(.ordered(order))
            case .share(let path, let ticket): links.shareOrders.put(.share(path, ticket))
            case .unshare(let name, let ticket): links.shareOrders.put(.unshare(name, ticket))
            case .expect(let ticket, let path, let name, let description):
                links.destinations.expect(
                    ticket.raw, at: path, named: name, proof: proof(by: description))
            case .describe(let path, let ticket): describe(path, ticket)
            case .export(let path, let file, let ticket): export(path, to: file, ticket)
            case .say(let text, let client): server.say(text, to: client)
            case .ready(let client): server.ready(client)
            case .hangUp(let client): server.hangUp(client)
            }
        }
    }

    /// Whether what lies somewhere is what a file describes.
    private func proof(by description: String?) -> (@Sendable (String) -> Bool)? {
        guard let description else { return nil }
        return { [links] path in
            do throws(MetainfoCommandError) {
                return try DescribedFile(description).holds(path) { links.stop.isEmpty }
            } catch { return false }
        }
    }

    private func describe(_ path: String, _ ticket: OrderTicket) {
        crew.submit(.read) { [links] in
            var words = "\(harmless(path)): it describes a folder, and not one file of bytes"
            do throws(MetainfoCommandError) {
                let file = try DescribedFile(path)
                if let name = file.name {
                    let size = ByteCount(file.size)
                    return links.described.put(
                        DescriptionNews(
                            ticket: ticket, name: name, size: size, content: file.content))
                }
            } catch { words = error.sentence }
            links.shareNews.put(ShareNews(ticket: ticket, error: words))
        }
    }

    private func export(_ path: String, to file: String, _ ticket: OrderTicket) {
        crew.submit(.whenIdle) { [links] in
            var options = MakeOptions()
            options.path = path
            options.output = file
            options.isForced = true
            var words: String?
            do throws(MetainfoCommandError) {
                _ = try Make(options).write { links.stop.isEmpty }
            } catch {
                words = error.sentence
            }
            links.shareNews.put(ShareNews(ticket: ticket, error: words))
        }
    }
}
