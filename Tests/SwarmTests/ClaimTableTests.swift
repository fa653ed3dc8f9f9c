import Testing
import Vocabulary

@testable import Swarm

@Suite struct ClaimTableTests {
    private static func content(_ number: Int) -> ContentID {
        ContentID(high: 1, low: UInt64(number))
    }

    @Test func aRepeatedClaimIsKnown() {
        var table = ClaimTable()
        let claim = Claim(peer: 3, role: .seed)
        #expect(table.note(claim, of: Self.content(1)) == .noted)
        #expect(table.note(claim, of: Self.content(1)) == .known)
        #expect(table.note(Claim(peer: 3, role: .publisher), of: Self.content(1)) == .noted)
        #expect(table.count == 2)
        table.checkInvariants()
    }

    @Test func claimsAreTakenInTheirOrderAndOnce() {
        var table = ClaimTable()
        let claims = [
            Claim(peer: 3, role: .publisher), Claim(peer: 1, role: .sealed([7])),
            Claim(peer: 2, role: .seed),
        ]
        for claim in claims { _ = table.note(claim, of: Self.content(1)) }
        _ = table.note(claims[0], of: Self.content(2))
        #expect(table.take(Self.content(1)) == claims)
        #expect(table.take(Self.content(1)) == [])
        #expect(!table.contains(Self.content(1)))
        #expect(table.contains(Self.content(2)))
        table.checkInvariants()
    }

    @Test func aFullTableRefusesClaims() {
        var table = ClaimTable()
        let claim = Claim(peer: 0, role: .reader)
        for number in 0..<ClaimTable.claimsMax { _ = table.note(claim, of: Self.content(number)) }
        #expect(table.count == ClaimTable.claimsMax)
        #expect(table.note(claim, of: Self.content(.max)) == .refused)
        _ = table.take(Self.content(0))
        #expect(table.note(claim, of: Self.content(.max)) == .noted)
        table.checkInvariants()
    }
}
