/// The work of a thread, without a generic parameter, which a C function cannot have.
final class Job {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
