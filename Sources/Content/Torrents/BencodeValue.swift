/// A value of a bencoded document, with the document that its ranges point into.
package struct BencodeValue: Sendable {
    private let document: [UInt8]
    package let node: BencodeNode

    package init(parsing bytes: [UInt8]) throws(BencodeError) {
        self.init(document: bytes, node: try BencodeParser.parse(bytes))
    }

    private init(document: [UInt8], node: BencodeNode) {
        self.document = document
        self.node = node
    }

    package var position: Int { node.range.lowerBound }

    /// The bytes that it was read from.
    package var raw: ArraySlice<UInt8> { document[node.range] }

    package var integer: Int64? {
        guard case .integer(let number) = node.body else { return nil }
        return number
    }

    package var text: ArraySlice<UInt8>? {
        guard case .text(let range) = node.body else { return nil }
        return document[range]
    }

    package var list: [BencodeValue]? {
        guard case .list(let nodes) = node.body else { return nil }
        return nodes.map { BencodeValue(document: document, node: $0) }
    }

    /// In the order of the keys.
    package var entries: [(key: ArraySlice<UInt8>, value: BencodeValue)]? {
        guard case .dictionary(let entries) = node.body else { return nil }
        return entries.map {
            (document[$0.key], BencodeValue(document: document, node: $0.value))
        }
    }

    package var isDictionary: Bool {
        if case .dictionary = node.body { true } else { false }
    }

    /// Nil where this is no dictionary, or has no such key.
    package subscript(key: String) -> BencodeValue? {
        guard case .dictionary(let entries) = node.body else { return nil }
        let entry = entries.first { document[$0.key].elementsEqual(key.utf8) }
        return entry.map { BencodeValue(document: document, node: $0.value) }
    }
}
