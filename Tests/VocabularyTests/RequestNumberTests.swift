import Testing
import Vocabulary

struct RequestNumberTests {
    @Test(arguments: [
        (UInt32(2), UInt32(1), true), (1, 1, false), (1, 2, false), (0, .max, true),
        (.max, 0, false), (5, .max - 5, true),
    ]) func numbersFollowEachOtherAroundTheEnd(number: UInt32, other: UInt32, follows: Bool) {
        #expect(RequestNumber(number).follows(RequestNumber(other)) == follows)
    }
}
