/// Wakes one thread that rests. Any thread may ring; a ring while the thread is awake ends its next
/// rest at once, so none is lost.
package protocol ReaderBell: AnyObject, Sendable {
    func ring()
}
