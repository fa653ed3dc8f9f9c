import Staging
import Vocabulary

extension LeftOut {
    /// One sentence for all special files, and one for each other entry.
    var sentences: [String] {
        let shown = names.map { harmless($0.description) }
        let more = count - names.count
        switch reason {
        case .special:
            let what =
                count == 1
                ? "1 entry is no file, folder or link and is"
                : "\(count) entries are no files, folders or links and are"
            let list = shown.joined(separator: ", ") + (more == 0 ? "" : ", …")
            return ["warning: \(what) left out: \(list)"]
        case .unreadable:
            let rest =
                more == 0 ? [] : ["\(more) more: Permission denied; they are not copied"]
            return shown.map { "\($0): Permission denied; it is not copied" } + rest
        case .excluded:
            return shown.map { "excluded: \($0)" } + (more == 0 ? [] : ["excluded: \(more) more"])
        case .linkedStatically:
            return shown.map { "\($0) is linked statically and needs no libraries" }
        case .missing:
            let rest = more == 0 ? [] : ["\(more) more of --files-from: not in SOURCE"]
            return shown.map { "\($0): not in SOURCE; it is not copied" } + rest
        }
    }
}
