import Staging

extension LeftOut {
    var sentence: String {
        let what =
            count == 1
            ? "1 entry is no file, folder or link and is"
            : "\(count) entries are no files, folders or links and are"
        return "warning: \(what) left out: " + names.map { harmless($0) }.joined(separator: ", ")
            + (count > names.count ? ", …" : "")
    }
}
