/// One line of an answer to a user: values under names, printed for people as words with a tab
/// between them, and for programs as an object.
package struct Answer: Equatable, Sendable {
    package enum Value: Equatable, Sendable {
        case text(String)
        case number(Int64)
        case none
    }

    let fields: [(name: String, value: Value)]

    init(_ fields: (String, Value)...) { self.fields = fields }

    package static func == (one: Answer, other: Answer) -> Bool {
        one.fields.elementsEqual(other.fields) { $0 == $1 }
    }

    /// The line with its end. A line that is not the last one begins with a space, or is an object
    /// without `ok`.
    func line(isJSON: Bool) -> String {
        if isJSON {
            let members = fields.map { "\(jsonText($0.name)): \($0.value.json)" }
            return "{\(members.joined(separator: ", "))}\n"
        }
        return " \(fields.map(\.value.words).joined(separator: "\t"))\n"
    }

    static func end(_ error: String?, isJSON: Bool) -> String {
        guard let error else { return isJSON ? "{\"ok\": true}\n" : "ok\n" }
        return isJSON
            ? "{\"ok\": false, \"error\": \(jsonText(error))}\n" : "error \(oneLine(error))\n"
    }

    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? "?" : $0 }))
    }
}

extension Answer.Value {
    fileprivate var words: String {
        switch self {
        case .text(let text): Answer.oneLine(text)
        case .number(let number): "\(number)"
        case .none: "-"
        }
    }

    fileprivate var json: String {
        switch self {
        case .text(let text): jsonText(text)
        case .number(let number): "\(number)"
        case .none: "null"
        }
    }
}
