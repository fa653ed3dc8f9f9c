import Glibc

/// A script given to a shell as its standard input, as completion tests run them.
enum ShellSession {
    /// The output and the wait status of `command`, which reads `script`.
    static func run(_ command: String, _ script: String) -> (said: String, status: Int32) {
        guard
            let stream = unsafe popen(
                "\(command) <<'END_OF_SCRIPT' 2>&1\n\(script)END_OF_SCRIPT\n", "r")
        else { return ("no shell could be started", -1) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(stream), byte != EOF { bytes.append(UInt8(byte)) }
        return (String(decoding: bytes, as: UTF8.self), unsafe pclose(stream))
    }

    /// A program that only some machines have; `make test` installs these.
    static func has(_ program: String) -> Bool {
        run("sh", "command -v \(program)\n").status == 0
    }
}
