/// What `stage --json` writes.
struct StageSummary: Decodable {
    struct Difference: Decodable {
        let kind: String
        let path: String
    }

    struct Rank: Decodable {
        let rank: Int
        let copy: Bool
        let fetched: Int
        let read: Int
        let needed: Int
        let pieces: Int
        let duplicates: Int
        let missing: Int
        let different: Int
        let extra: Int
        let removed: Int
        let differences: [Difference]
        let failure: String?
    }

    let bytes: Int
    let files: Int
    let seconds: Double
    let complete: Bool
    let unreadable: Int
    let ranks: [Rank]

    var fetched: Int { ranks.reduce(0) { $0 + $1.fetched } }
    var read: Int { ranks.reduce(0) { $0 + $1.read } }
}
