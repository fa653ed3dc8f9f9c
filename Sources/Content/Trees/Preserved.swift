/// The properties of an entry that a copy keeps only on request: its owner, and the extended
/// attributes of its file system.
///
/// Invariant: attributes have the names that `Attribute.isKept` accepts, each once, in the order of
/// their bytes.
package struct Preserved: Equatable, Sendable {
    package let owner: UInt32
    package let group: UInt32
    package let attributes: [Attribute]

    /// An extended attribute. Access lists are some, too.
    package struct Attribute: Equatable, Sendable {
        package let name: [UInt8]
        package let value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }

        /// Attributes of users, capabilities and access lists are kept: the others belong to the
        /// machine of the file.
        package static func isKept(_ name: some Collection<UInt8>) -> Bool {
            guard !name.contains(0), name.count <= Preserved.nameByteCountMax else { return false }
            let user = "user.".utf8
            return name.starts(with: user) && name.count > user.count
                || others.contains { name.elementsEqual($0.utf8) }
        }

        private static let others = [
            "security.capability", "system.posix_acl_access", "system.posix_acl_default",
        ]
    }

    /// In any order.
    package init(owner: UInt32, group: UInt32, attributes: [Attribute] = []) {
        self.owner = owner
        self.group = group
        self.attributes = attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    init(owner: UInt32, group: UInt32, inOrder attributes: [Attribute]) {
        self.owner = owner
        self.group = group
        self.attributes = attributes
    }

    /// The limit of Linux.
    package static let nameByteCountMax = 255
    package static let valueByteCountMax = 65_536
    /// As many names as Linux lists fit into 64 KiB.
    package static let attributeCountMax = 10_000

    /// Whether there can be such a thing. The system takes all ones for an owner that stays.
    var isPossible: Bool {
        guard owner != .max, group != .max, attributes.count <= Self.attributeCountMax else {
            return false
        }
        for (number, attribute) in attributes.enumerated() {
            guard Attribute.isKept(attribute.name),
                attribute.value.count <= Self.valueByteCountMax,
                number == 0
                    || attributes[number - 1].name.lexicographicallyPrecedes(attribute.name)
            else { return false }
        }
        return true
    }
}
