import Node
import Vocabulary

/// A value that one thread of a rank makes, once, and others wait for.
final class Promised<Value: Sendable>: Sendable {
    private let box = Mailbox<Value>()

    func keep(_ value: Value) { box.put(value) }

    func wait() -> Value {
        var found: [Value] = []
        while true {
            box.empty(into: &found)
            if let value = found.first {
                box.put(value)
                return value
            }
            rest(.microseconds(100))
        }
    }
}
