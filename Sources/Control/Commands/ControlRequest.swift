/// A line of the control protocol: `[--json] COMMAND…`.
package struct ControlRequest: Equatable, Sendable {
    package let wantsJSON: Bool
    package let command: ControlCommand

    /// Total: any bytes give a request or a flaw. A carriage return at the end is ignored.
    package init(parsing bytes: some Collection<UInt8>) throws(ControlCommandError) {
        guard bytes.count <= ControlCommand.lineByteCountMax else { throw .tooLong }
        var line = Array(bytes)
        if line.last == 0x0D { line.removeLast() }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let text = String(validating: line, as: UTF8.self)
        else { throw .notText }
        var words = try ControlWords.split(text)[...]
        wantsJSON = words.first?.lowercased() == "--json"
        if wantsJSON { words.removeFirst() }
        command = try ControlCommand(Array(words))
    }
}
