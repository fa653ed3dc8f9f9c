import Testing
import Vocabulary

struct DifferenceListTests {
    /// A user has to look at what could not be removed, however much was removed before it.
    @Test(arguments: [Difference.Kind.stuck, .kept])
    func whatIsStuckIsAlwaysNamed(kind: Difference.Kind) throws {
        var list = DifferenceList()
        for number in 0..<DifferenceList.namedMax {
            list.add(Difference(.removed, try RelativePath("a/\(number)")))
        }
        let stuck = [
            Difference(kind, try RelativePath("a/x")),
            Difference(kind, try RelativePath("a/y")),
        ]
        list.add(stuck[0])
        var other = DifferenceList()
        other.add(stuck[1])
        list.add(other)
        #expect(list.named.count == DifferenceList.namedMax)
        #expect(Array(list.named.suffix(2)) == stuck)
        #expect(list[.removed] == 1000 && list[kind] == 2)
    }
}
