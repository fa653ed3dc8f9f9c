/// A place in the pool that a message on its way occupies.
enum SendSlot {
    case small(Int)
    case large(Int)
}
