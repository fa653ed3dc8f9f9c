import Staging
import Vocabulary

extension LeftOut {
    /// One for all special files, and one for each entry that cannot be read.
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
        }
    }
}
