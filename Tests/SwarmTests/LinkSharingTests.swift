import Testing
import Vocabulary

@testable import Swarm

struct LinkSharingTests {
    private static func after(_ sends: String, turnaround: Duration = .zero) -> LinkSharing {
        var sharing = LinkSharing()
        for send in sends {
            if send == "#" {
                sharing.sendWasFull()
            } else {
                sharing.sendWasShort(pieceTime: .seconds(1), turnaround: turnaround)
            }
        }
        return sharing
    }

    /// `#` is a send that filled the link, `.` one that did not.
    @Test(arguments: [
        ("####", false), (".", false), ("..", true), (".#.#.", true), (".########.", false),
        ("..################", true),
    ])
    func itIsNoticedAtTheSecondShortSendOfFew(sends: String, isNoticed: Bool) {
        #expect(Self.after(sends).isNoticed == isNoticed)
    }

    /// One that never takes much is short each time, and says nothing of the other links.
    @Test func receiversThatAreSlowByThemselvesDoNotCount() {
        var sharing = LinkSharing()
        for _ in 0..<10 {
            sharing.sendWasShort(pieceTime: .seconds(1), turnaround: .zero)
            sharing.shortSendWasSlow()
        }
        #expect(!sharing.isNoticed)
    }

    @Test(arguments: [(5999, true), (6000, false)])
    func sharingIsUselessIfAnswersTakeLong(milliseconds: Int, isNoticed: Bool) {
        let sharing = Self.after("......", turnaround: .milliseconds(milliseconds))
        #expect(sharing.isNoticed == isNoticed)
    }
}
