import Storage
import Vocabulary

/// The queries of a job: a rank and a name in each line. Empty lines are ignored.
struct QueryFile {
    private(set) var queries: [(rank: Int, name: RelativePath)] = []

    init(path: String, peers: Range<Int>) throws(RunInputError) {
        let bytes: [UInt8]
        do { bytes = try readWhole(path: path) } catch { throw .unreadable(path, error) }
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            guard !words.isEmpty else { continue }
            guard words.count == 2, let rank = Int(String(decoding: words[0], as: UTF8.self)),
                peers.contains(rank)
            else { throw .notAQuery(path, line: index + 1, peers: peers) }
            do throws(PathError) {
                queries.append((rank, try RelativePath(utf8: Array(words[1]))))
            } catch { throw .notAQuery(path, line: index + 1, peers: peers) }
        }
    }

    func names(of rank: Rank) -> [RelativePath] {
        queries.filter { $0.rank == Int(rank.raw) }.map(\.name)
    }
}
