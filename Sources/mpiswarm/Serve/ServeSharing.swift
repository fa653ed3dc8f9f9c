import CommandLine
import Content
import Launch
import Node
import Storage
import Swarm
import Vocabulary

/// The thread that looks after the shared files of a rank.
struct ServeSharing {
    private let links: ServeLinks
    private let files: FileContents
    private let clock: ProcessClock

    /// What happens in a folder mostly happens to several files: they are looked at together.
    private static let gathering = Duration.milliseconds(50)
    private static let restMin = Duration.milliseconds(1)
    /// The interval of checks whether fetched files are still there.
    private static let lookInterval = Duration.seconds(1)

    init(_ links: ServeLinks, _ files: FileContents, _ clock: ProcessClock) {
        self.links = links
        self.files = files
        self.clock = clock
    }

    func work(_ keeper: consuming SharedFolders) {
        var keeper = keeper
        var orders: [ShareOrder] = []
        var nextLook = clock.now
        var isBlind = false
        var hasLooked = false
        // Users who wait until the files that they share are announced.
        var sharers: [OrderTicket] = []
        while links.stop.isEmpty {
            links.shareOrders.empty(into: &orders)
            for order in orders { follow(order, &keeper, &sharers) }
            orders.removeAll(keepingCapacity: true)
            if !isBlind {
                do throws(StorageError) { tell(try keeper.step(now: clock.now)) } catch {
                    // The watch no longer works: files that are offered stay offered.
                    links.down.put(.ordered(.warn(sentence(error))))
                    isBlind = true
                }
            }
            if keeper.hasLooked || isBlind {
                if !hasLooked { links.down.put(.ordered(.looked)) }
                hasLooked = true
                for ticket in sharers {
                    links.shareNews.put(ShareNews(ticket: ticket, error: nil))
                }
                sharers.removeAll()
            }
            if nextLook <= clock.now {
                nextLook = clock.now + Self.lookInterval
                for content in files.vanished() {
                    links.down.put(.pieceLost(PieceIndex(0), of: content))
                }
                for content in files.takeDoubted() { keeper.recheck(content, now: clock.now) }
            }
            if isBlind {
                wait(until: nextLook)
            } else if !keeper.isBusy {
                wait(until: min(nextLook, keeper.alarm), keeper.watches)
            }
        }
    }

    private func wait(until next: Tick, _ watches: [SocketWatch] = []) {
        let now = clock.now
        let wait = next > now ? next - now : .zero
        let end = links.sharingBell.rest(atMost: max(wait, Self.restMin), watching: watches)
        if end == .socket { mpiswarm.rest(Self.gathering) }
    }

    private func follow(
        _ order: ShareOrder, _ keeper: inout SharedFolders, _ sharers: inout [OrderTicket]
    ) {
        switch order {
        case .share(let path, let ticket):
            do throws(StorageError) {
                tell(try keeper.add(absolute(path), now: clock.now))
                sharers.append(ticket)
            } catch {
                links.shareNews.put(ShareNews(ticket: ticket, error: sentence(error, path)))
            }
        case .unshare(let text, let ticket):
            var changes: [ShareChange]?
            do throws(PathError) { changes = keeper.remove(try RelativePath(text)) } catch {
                changes = nil
            }
            if let changes { tell(changes) }
            let error = changes == nil ? "\(text) is not offered by this rank" : nil
            links.shareNews.put(ShareNews(ticket: ticket, error: error))
        }
    }

    /// A changed file is withdrawn before it is offered again, and files that are removed together
    /// are reported together.
    private func tell(_ changes: [ShareChange]) {
        var came: [Share.Owned] = []
        var went: [Share.Gone] = []
        func flush() {
            // A renamed file is there all the time.
            let moved = Set(went.map(\.content)).intersection(came.map(\.content))
            let renamed = came.filter { moved.contains($0.content) }
            let others = came.filter { !moved.contains($0.content) }
            if !renamed.isEmpty { links.down.put(.ordered(.share(renamed))) }
            if !went.isEmpty { links.down.put(.ordered(.unshare(went))) }
            if !others.isEmpty { links.down.put(.ordered(.share(others))) }
            (went, came) = ([], [])
        }
        for change in changes {
            switch change {
            case .came(let publication):
                let file = Share.Owned(publication)
                if went.contains(Share.Gone(name: file.name, content: file.content)) { flush() }
                came.append(file)
            case .renewed(let publication):
                flush()
                links.down.put(.ordered(.renew(Share.Owned(publication))))
            case .went(let name, let content, _):
                if came.contains(where: { $0.content == content && $0.name == name }) {
                    flush()
                }
                went.append(Share.Gone(name: name, content: content))
            case .reading(let name, let size):
                flush()
                let file = Share.Reading(name: name, size: size)
                links.down.put(.ordered(.reading([file])))
            case .notRead(let name):
                links.down.put(.ordered(.notReading([name])))
            // Only rank 0 prints; 'status' lists all of them.
            case .refused(let name, let error):
                links.down.put(.ordered(.warn("\(name) is not offered: \(error.whyNotOffered)")))
            }
        }
        flush()
    }
}

extension StorageError {
    /// Why a file that lies in a shared folder cannot be had by others.
    var whyNotOffered: String {
        switch self {
        case .changed: "it changes while it is read"
        case .badName(_, _, let flaw): flaw.words
        default: reason
        }
    }
}
