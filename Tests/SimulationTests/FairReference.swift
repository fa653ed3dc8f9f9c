/// Max-min fair rates by progressive filling: all levels rise together, and a flow that meets a
/// full link stays at its level. Slow and plain.
struct FairReference {
    var up: [Double]
    var down: [Double]

    func rates(_ flows: [(from: Int, to: Int)]) -> [Double] {
        var rates = [Double](repeating: .infinity, count: flows.count)
        var left = up + down
        var isFixed = [Bool](repeating: false, count: flows.count)
        let ends = flows.map { [$0.from, up.count + $0.to] }
        while isFixed.contains(false) {
            var shares = [Double](repeating: .infinity, count: left.count)
            for place in left.indices {
                let users = flows.indices.count { !isFixed[$0] && ends[$0].contains(place) }
                if users > 0 { shares[place] = max(0, left[place]) / Double(users) }
            }
            guard let least = shares.min(), least < .infinity else { break }
            for flow in flows.indices
            where !isFixed[flow] && ends[flow].contains(where: { shares[$0] <= least }) {
                isFixed[flow] = true
                rates[flow] = least
                for end in ends[flow] { left[end] -= least }
            }
        }
        return rates
    }
}
