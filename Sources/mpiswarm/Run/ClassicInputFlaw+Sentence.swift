import Content
import Vocabulary

extension ClassicInputFlaw {
    var sentence: String {
        switch self {
        case .ended(let element): "the file ends here, before \(element.words)"
        case .notACount(let element, let token):
            "\(shown(token)) is not \(element.words), which is a number"
        case .countTooLarge(let element, let most):
            "\(element.words) is larger than \(most)"
        case .badName(let flaw, let token): "\(shown(token)) is no file name: \(flaw.words)"
        case .nameOfSeveralComponents(let token): "\(shown(token)) is no file name: it holds a '/'"
        case .badPath(let flaw, let token): "\(shown(token)) is no path: \(flaw.words)"
        case .badSegment(let flaw, let token): "\(shown(token)) is no segment hash: \(flaw.words)"
        case .ownedTwice(let name): "\(name) is owned twice"
        case .wantedTwice(let name): "\(name) is wanted twice"
        case .trailing(let token): "\(shown(token)) follows the last wanted file"
        }
    }
}

/// Enough of a token to find it by.
private func shown(_ token: [UInt8]) -> String {
    "'\(harmless(String(decoding: token, as: UTF8.self)))'"
}

extension ClassicInputElement {
    fileprivate var words: String {
        switch self {
        case .ownedCount: "the number of owned files"
        case .ownedName: "the name of an owned file"
        case .segmentCount: "the number of segments"
        case .segment: "a segment hash"
        case .wantedCount: "the number of wanted files"
        case .wantedName: "the name of a wanted file"
        }
    }
}

extension PathError {
    var words: String {
        switch self {
        case .empty: "it is empty"
        case .tooLong: "it is too long"
        case .notText: "it is not UTF-8"
        case .absolute: "it begins with '/'"
        case .control: "it holds a control character"
        case .emptyComponent: "it holds an empty component"
        case .climbs: "it is '.' or '..'"
        }
    }
}

extension LabelError {
    fileprivate var words: String {
        switch self {
        case .empty: "it is empty"
        case .tooLong(let count):
            "it has \(count) characters, and \(LabelTable.labelCharacterCountMax) are the most"
        case .notText: "it is not UTF-8"
        case .control, .unended: "it holds a control character"
        case .tableFull: "the file has more hashes than can be kept"
        }
    }
}
