import Content
import Vocabulary
package import Wire

/// The bytes of surveys, little-endian. A text follows its length; numbers have fixed sizes.
extension Survey {
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.write(text: host)
        bytes.write(node)
        bytes.write(text: destination)
        bytes.write(UInt8(destinationIsFolder ? 1 : 0))
        bytes.write(text: refusal)
        bytes.write(UInt32(sources.count))
        for sight in sources {
            guard let sight else {
                bytes.write(UInt8(0))
                continue
            }
            bytes.write(UInt8(sight.isFolder ? 2 : 1))
            bytes.write(sight.device)
            bytes.write(sight.inode)
            bytes.write(sight.size)
            bytes.write(sight.modified.seconds)
            bytes.write(sight.modified.nanoseconds)
            bytes.write(sight.system)
        }
        return bytes
    }

    package init(parsing bytes: RawSpan) throws(WireError) {
        var cursor = 0
        let host = try bytes.readText(&cursor)
        let node: UInt64 = try bytes.read(&cursor)
        let destination = try bytes.readText(&cursor)
        let isFolder = try bytes.readFlag(&cursor)
        let refusal = try bytes.readText(&cursor)
        let count: UInt32 = try bytes.read(&cursor)
        var sources: [SourceProbe?] = []
        for _ in 0..<count { sources.append(try SourceProbe.read(bytes, &cursor)) }
        guard cursor == bytes.byteCount else { throw .malformed }
        self.init(
            host: host, node: node, sources: sources, destination: destination,
            destinationIsFolder: isFolder, refusal: refusal)
    }
}

extension SourceProbe {
    fileprivate static func read(
        _ bytes: RawSpan, _ cursor: inout Int
    ) throws(WireError) -> SourceProbe? {
        let mark: UInt8 = try bytes.read(&cursor)
        guard mark <= 2 else { throw .malformed }
        guard mark > 0 else { return nil }
        let device: UInt64 = try bytes.read(&cursor)
        let inode: UInt64 = try bytes.read(&cursor)
        let size: Int64 = try bytes.read(&cursor)
        let seconds: Int64 = try bytes.read(&cursor)
        guard size >= 0,
            let modified = FileTime(seconds: seconds, nanoseconds: try bytes.read(&cursor))
        else { throw .malformed }
        return SourceProbe(
            isFolder: mark == 2, device: device, inode: inode, size: size, modified: modified,
            system: try bytes.read(&cursor))
    }
}

extension RawSpan {
    /// Any text that is UTF-8.
    func readText(_ cursor: inout Int) throws(WireError) -> String {
        let count: UInt32 = try read(&cursor)
        guard Int(count) <= Head.tailMax else { throw .malformed }
        guard let text = String(validating: try readBytes(Int(count), &cursor), as: UTF8.self)
        else { throw .malformed }
        return text
    }

    func readFlag(_ cursor: inout Int) throws(WireError) -> Bool {
        let flag: UInt8 = try read(&cursor)
        guard flag <= 1 else { throw .malformed }
        return flag == 1
    }
}

extension [UInt8] {
    /// A text that is longer than the tail of a message is cut, because no rank would accept it.
    mutating func write(text: String) {
        let utf8 = Array(text.utf8.prefix(Head.tailMax))
        write(UInt32(utf8.count))
        append(contentsOf: utf8)
    }
}
