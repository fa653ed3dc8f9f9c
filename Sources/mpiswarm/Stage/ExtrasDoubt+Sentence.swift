import Staging

extension ExtrasDoubt {
    var sentence: String {
        switch self {
        case .lost(let rank): "rank \(rank) was lost before the job knew what SOURCE has"
        case .unreadable: "part of SOURCE could not be read"
        case .special:
            "SOURCE has more than a few entries that are neither files nor folders nor links"
        }
    }
}
