/// File systems by the number that the kernel has for each.
package enum FileSystemKind {
    private static let known: [Int: (name: String, isShared: Bool)] = [
        0xEF53: ("ext4", false), 0x5846_5342: ("xfs", false), 0x9123_683E: ("btrfs", false),
        0x0102_1994: ("tmpfs", false), 0x794C_7630: ("overlay", false),
        0x2FC1_2FC1: ("zfs", false), 0xF2F5_2010: ("f2fs", false), 0x6969: ("nfs", true),
        0x0BD0_0BD0: ("lustre", true), 0x4750_4653: ("gpfs", true),
        0x1983_0326: ("beegfs", true), 0x00C3_6400: ("ceph", true), 0xAAD7_AAEA: ("panfs", true),
        0xFF53_4D42: ("cifs", true), 0xFE53_4D42: ("smb2", true), 0x5346_414F: ("afs", true),
        0x6573_5546: ("fuse", false), 0x2003_0528: ("orangefs", true),
    ]

    /// Its name and whether it is one that nodes share, as far as is known.
    package static func described(_ number: Int) -> (name: String, isShared: Bool) {
        known[number] ?? ("file system \(String(number, radix: 16))", false)
    }
}
