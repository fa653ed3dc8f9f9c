import Glibc

/// The user's end of a conversation with a rank; it waits for every answer.
package struct ControlConversation: ~Copyable {
    private let socket: LocalSocket
    private var input: [UInt8] = []

    package init(with path: String) throws(ControlError) {
        socket = try LocalSocket.connected(to: path)
    }

    /// Sends a command and passes on each line of the answer as it comes. The last line is `ok` or
    /// begins with `error`, or is the corresponding object.
    package mutating func ask(
        _ line: String, _ each: (String) -> Void
    ) throws(ControlError) -> Bool {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            guard let count = socket.write(bytes) else { throw .hungUp }
            bytes = bytes.dropFirst(count)
        }
        while true {
            let answer = try nextLine()
            if answer == "ok" || answer == "{\"ok\": true}" {
                if answer != "ok" { each(answer) }
                return true
            }
            each(answer)
            if answer.hasPrefix("error ") || answer.hasPrefix("{\"ok\": false") { return false }
        }
    }

    private mutating func nextLine() throws(ControlError) -> String {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                let line = String(decoding: input[..<end], as: UTF8.self)
                input.removeFirst(end + 1)
                return line
            }
            switch socket.read(upTo: 64 << 10) {
            case .bytes(let bytes): input += bytes
            case .nothing: continue
            case .ended: throw .hungUp
            }
        }
    }
}
