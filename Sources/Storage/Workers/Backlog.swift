/// Answers that were not collected yet, first in, first out. Its memory is reused once all are
/// collected. An overflow is an error in this program.
struct Backlog<Element: Sendable>: Sendable {
    private let countMax: Int
    private var elements: [Element?] = []
    private var collected = 0

    init(countMax: Int) { self.countMax = countMax }

    mutating func append(_ element: Element) {
        precondition(elements.count - collected < countMax, "the answers are not collected")
        elements.append(element)
    }

    mutating func next() -> Element? {
        guard collected < elements.count else { return nil }
        let element = elements[collected].take()
        collected += 1
        if collected == elements.count {
            elements.removeAll(keepingCapacity: true)
            collected = 0
        }
        return element
    }
}
