/// The network between the nodes, and what each node has.
extension Diagnosis {
    var between: [Finding] {
        guard nodes.count > 1 else { return [] }
        let messaging = ranks[0].messaging
        guard messaging == "ob1" || messaging.isEmpty else {
            return [Finding(.fine, "between nodes", "\(messaging) of Open MPI")]
        }
        if let chosenInterfaces {
            return [Finding(.fine, "between nodes", "TCP over \(chosenInterfaces)")]
        }
        if let none = ranks.first(where: { $0.interfaces.isEmpty }) {
            return [
                Finding(
                    .failure, "between nodes", "\(none.host) has no network interface that is up",
                    advice: "look at ip -4 address on that node")
            ]
        }
        let names = ranks[0].interfaces.joined(separator: ", ")
        let ways = isOpenMPI ? "TCP over \(names)" : "as \(mpiFound) chooses; interfaces: \(names)"
        let virtual = ["docker", "virbr", "br-", "veth", "cni"]
        let isReachable = ranks.allSatisfy { rank in
            rank.interfaces.allSatisfy { name in !virtual.contains { name.hasPrefix($0) } }
        }
        guard !isReachable else { return [Finding(.fine, "between nodes", ways)] }
        return [
            Finding(
                .warning, "between nodes",
                "\(ways): the MPI may try interfaces that only one node can reach",
                advice: "name the network: mpirun "
                    + (isOpenMPI
                        ? "--mca btl_tcp_if_include eth0" : "-iface eth0, or FI_TCP_IFACE=eth0"))
        ]
    }

    var places: [Finding] {
        let all = ranks.compactMap { rank in rank.destination.map { (rank.host, $0) } }
        let areApart = nodes.count { $0.contains { $0.destination != nil } } > 1
        guard let (_, first) = all.first else { return [] }
        if let (host, place) = all.first(where: { !$0.1.isWritable }) {
            return [
                Finding(
                    .failure, "destination", "\(host): \(place.folder) is not writable",
                    advice: "choose a folder that this user may write to on every node")
            ]
        }
        let least = all.min { $0.1.free < $1.1.free } ?? (ranks[0].host, first)
        let words =
            "\(first.folder): \(first.fileSystem), at least \(Self.gibibytes(least.1.free)) free"
            + (areApart ? " (\(least.0))" : "")
        guard all.contains(where: { $0.1.isShared }), areApart else {
            return [Finding(.fine, "destination", words)]
        }
        return [
            Finding(
                .warning, "destination", "\(words); the nodes share this file system",
                advice: "choose a disk of the nodes' own: there every node gets a copy")
        ]
    }

    /// With one digit: `12.4 GiB`.
    static func gibibytes(_ bytes: Int) -> String {
        let tenths = bytes / ((1 << 30) / 10)
        return "\(tenths / 10).\(tenths % 10) GiB"
    }

    var watches: Finding {
        let least = ranks.min { $0.watchesMax < $1.watchesMax } ?? ranks[0]
        let words = "\(least.watchesMax) folders can be watched at once"
        guard least.watchesMax < Self.watchesEnough else { return Finding(.fine, "inotify", words) }
        return Finding(
            .warning, "inotify", "\(least.host): only \(words)",
            advice: "where serve is to watch more: sysctl fs.inotify.max_user_watches="
                + "\(Self.watchesEnough)")
    }

    /// All ranks read their clocks when they had just met, so that the difference is that of the
    /// clocks and of the time that the meeting took.
    var clocks: Finding {
        let reference = ranks[0].clock
        let worst = ranks.max { abs($0.clock - reference) < abs($1.clock - reference) } ?? ranks[0]
        let difference = abs(worst.clock - reference)
        let milliseconds = "\(difference / 1000).\(difference / 100 % 10) ms"
        guard difference > Self.clockMicrosecondsMax else {
            return Finding(.fine, "clocks", "they differ by \(milliseconds) at most")
        }
        return Finding(
            .warning, "clocks",
            "those of \(worst.host) and \(ranks[0].host) differ by \(milliseconds)",
            advice: "times in logs and reports do not compare; synchronise the clocks (NTP)")
    }
}
