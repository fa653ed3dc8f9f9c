/// The object that is passed through `pthread_create`, whose function cannot be generic. The
/// subclass is generic.
class ThreadStart {
    let name: String

    init(name: String) { self.name = name }

    func run() {}
}

/// Holds the start value until the new thread takes it out, once.
final class ThreadStartOwning<Value: ~Copyable>: ThreadStart {
    private var value: Value?
    private let body: @Sendable (consuming Value) -> Void

    init(
        name: String, _ value: consuming sending Value,
        body: @escaping @Sendable (consuming Value) -> Void
    ) {
        self.value = consume value
        self.body = body
        super.init(name: name)
    }

    override func run() {
        if let value = value.take() { body(value) }
    }
}
