package import Swarm
package import Vocabulary

/// The commands of users to a rank, one in each line.
package enum ControlCommand: Equatable, Sendable {
    case list
    case listDigests
    case query(RelativePath)
    case holders(GetOrder.Choice)
    case chunks(GetOrder.Choice, of: Rank?)
    case get(GetRequest)
    case wait(RelativePath?)
    case peers
    case status
    case locate(RelativePath)
    case export(RelativePath, to: String)
    case share(String)
    case unshare(RelativePath)
    case join
    case leave
    case shutdown
    case help
    case exit

    package static let lineByteCountMax = 16 << 10

    /// The syntax and the purpose of each command.
    package static let all: [(spelling: String, text: String)] = [
        ("query NAME", "who has a file of this name"),
        ("holders NAME|ID", "the ranks that have all of it"),
        ("chunks NAME|ID [RANK]", "the pieces of it that a rank has, by default this one"),
        (
            "get NAME|ID|FILE [from RANK] [to PATH] [later]",
            "fetch a file, or what a torrent, seed file or manifest describes"
        ),
        ("wait [NAME]", "wait for what is fetched later"),
        ("list [--digests]", "all files: name, size, seeds, peers, id; or digest and name"),
        ("peers", "the ranks, and whether they are there"),
        ("status", "what is being fetched, and how fast"),
        ("export NAME FILE", "write the torrent (or .seed, .manifest) of a file that is here"),
        ("where NAME", "the path of a file that this rank has"),
        ("share PATH", "offer a file, or a folder with all that comes into it"),
        ("unshare NAME", "offer it no more"),
        ("join", "take part again"),
        ("leave", "leave the swarm, and serve no files"),
        ("shutdown", "end the job"),
        ("help", "this list"),
        ("exit", "end this conversation"),
    ]

    static func usage(of name: String, written word: String? = nil) -> ControlCommandError {
        let known = all.first { $0.spelling.split(separator: " ").first.map(String.init) == name }
        return known.map { .usage($0.spelling) } ?? .unknown(word ?? name)
    }

    /// Total: any words give a command or a flaw. A command may be written in upper or lower case.
    init(_ words: [String]) throws(ControlCommandError) {
        guard let word = words.first else { throw .nothing }
        let name = word.lowercased()
        let rest = Array(words.dropFirst())
        switch (name, rest.count) {
        case ("list", 0): self = .list
        case ("list", 1) where rest[0] == "--digests": self = .listDigests
        case ("peers", 0): self = .peers
        case ("status", 0): self = .status
        case ("join", 0): self = .join
        case ("leave", 0): self = .leave
        case ("shutdown", 0): self = .shutdown
        case ("help", 0): self = .help
        case ("exit", 0): self = .exit
        case ("query", 1): self = .query(try Self.name(rest[0]))
        case ("holders", 1): self = .holders(try GetRequest.choice(rest[0]))
        case ("chunks", 1...2):
            let rank = rest.count == 2 ? try GetRequest.rank(rest[1], of: name) : nil
            self = .chunks(try GetRequest.choice(rest[0]), of: rank)
        case ("where", 1): self = .locate(try Self.name(rest[0]))
        case ("unshare", 1): self = .unshare(try Self.name(rest[0]))
        case ("export", 2) where rest[1].utf8.first == UInt8(ascii: "/"):
            self = .export(try Self.name(rest[0]), to: rest[1])
        case ("share", 1) where !rest[0].isEmpty: self = .share(rest[0])
        case ("wait", 0): self = .wait(nil)
        case ("wait", 1): self = .wait(try Self.name(rest[0]))
        case ("get", 1...): self = .get(try GetRequest(rest))
        default: throw Self.usage(of: name, written: word)
        }
    }

    static func name(_ word: String) throws(ControlCommandError) -> RelativePath {
        do throws(PathError) { return try RelativePath(word) } catch { throw .badName(word) }
    }
}
