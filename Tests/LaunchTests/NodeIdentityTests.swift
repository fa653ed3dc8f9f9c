import Testing

@testable import Launch

/// Which ranks are on one node. The name of the host never decides alone.
@Suite struct NodeIdentityTests {
    private func number(
        peers: String? = nil, boot: String = "one", namespaces: [UInt64] = [1, 2, 3],
        name: String = "name"
    ) -> UInt64 {
        NodeIdentity(localPeers: peers, boot: boot, namespaces: namespaces, hostName: name).number
    }

    @Test func theLaunchersListDecides() {
        #expect(number(peers: "0,1") != number(peers: "2,3"))
        // Each rank in a container of its own.
        #expect(
            number(peers: "0,1", namespaces: [1, 2, 3], name: "a")
                == number(peers: "0,1", namespaces: [4, 5, 6], name: "b"))
    }

    @Test func theKernelDecidesWithoutAList() {
        #expect(number() == number())
        #expect(number(boot: "two") != number())
        #expect(number(namespaces: [4, 2, 3]) != number())
        #expect(number(name: "other") != number())
    }

    /// This process has no runtime; its kernel has a start, and gives it namespaces.
    @Test func aProcessWithoutALauncherKnowsItsKernel() {
        let identity = NodeIdentity(hostName: "here")
        #expect(identity.localPeers == nil)
        #expect(identity.boot.utf8.count > 30)
        #expect(!identity.namespaces.contains(0))
        #expect(identity == NodeIdentity(hostName: "here"))
    }
}
