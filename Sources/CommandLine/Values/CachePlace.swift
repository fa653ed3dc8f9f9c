/// The folder of a cache, and the most bytes that it may take: `/local/ada/cache:200G`.
package struct CachePlace: Hashable, Sendable {
    package let path: String
    /// Nil for no limit.
    package let size: Size?

    package init(path: String, size: Size? = nil) {
        self.path = path
        self.size = size
    }

    /// Nil if what follows the last colon is no size, or is none at all.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else {
            guard !text.isEmpty else { return nil }
            self.init(path: text)
            return
        }
        let path = String(text[..<colon])
        guard !path.isEmpty, let size = Size(text: String(text[text.index(after: colon)...])),
            size.bytes > 0
        else { return nil }
        self.init(path: path, size: size)
    }
}

extension CachePlace: CustomStringConvertible {
    package var description: String { size.map { "\(path):\($0)" } ?? path }
}
