import CommandLine
import Content
import Control
import Glibc
import Storage
import Vocabulary

/// `mpiswarm check-logs DIR`
struct CheckLogs {
    private let options: CheckLogsOptions

    init(_ options: CheckLogsOptions) { self.options = options }

    func perform() -> Int32 {
        do throws(ChokingRefusal) {
            return try check()
        } catch {
            say("mpiswarm: \(harmless(error.sentence))\n", on: .error)
            return UsageError.exitStatus
        }
    }

    private func check() throws(ChokingRefusal) -> Int32 {
        let terms = try terms()
        var check = LogCheck(terms)
        for peer in try peers(terms) {
            check.add(log: try Self.bytes(path(of: peer)), of: peer)
        }
        let line: String
        if let flaw = check.firstFlaw() {
            line = "\(path(of: flaw.peer)):\(flaw.line): \(flaw.rule.words)"
        } else if let missing = check.missing.first {
            line = "\(path(of: missing)): there is no log of peer \(missing)"
        } else {
            let counts = "\(check.peerCount) logs, \(check.pieceCount) pieces downloaded"
            say("good: \(counts)\n", on: .output)
            return 0
        }
        say("mpiswarm: \(harmless(line))\n", on: .error)
        return 1
    }

    /// Only what is asked for by name has to be there.
    private func terms() throws(ChokingRefusal) -> LogTerms {
        let folder = options.config ?? options.directory
        let isThere = RunDialect(of: folder, peerCount: 0) == .choking
        guard options.config != nil || isThere else { return LogTerms() }
        let input = try ChokingInput(below: folder)
        return LogTerms(input.terms, input.roster)
    }

    /// Whose logs are there, in the order of the list, or of their numbers.
    private func peers(_ terms: LogTerms) throws(ChokingRefusal) -> [PeerID] {
        let names: [String]
        do throws(StorageError) { names = try namesOfFiles(in: options.directory) } catch {
            throw .unreadable(options.directory, error)
        }
        let found = names.compactMap(Self.peer).sorted()
        guard !found.isEmpty else { throw .noLogs(options.directory) }
        guard let roster = terms.roster else { return found }
        let listed = roster.peers.map(\.id).filter(found.contains)
        return listed + found.filter { !listed.contains($0) }
    }

    private static func peer(ofLog name: String) -> PeerID? {
        let (start, end) = ("log_peer_", ".log")
        guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
        return PeerID(name.utf8.dropFirst(start.utf8.count).dropLast(end.utf8.count))
    }

    private func path(of peer: PeerID) -> String { "\(options.directory)/log_peer_\(peer).log" }

    private static func bytes(_ path: String) throws(ChokingRefusal) -> [UInt8] {
        do throws(StorageError) { return try readWhole(path: path) } catch {
            throw .unreadable(path, error)
        }
    }
}
