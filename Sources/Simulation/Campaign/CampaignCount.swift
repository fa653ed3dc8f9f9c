/// The number of times that something happened in a campaign, and of the runs in which it did.
package struct CampaignCount: Sendable {
    package let name: String
    package private(set) var total = 0
    package private(set) var runs = 0

    init(_ name: String) { self.name = name }

    mutating func add(_ count: Int) {
        total += count
        if count > 0 { runs += 1 }
    }
}
