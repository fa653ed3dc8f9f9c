/// The processor that an ELF file is for, with the word size and byte order.
package struct ElfMachine: Equatable, Sendable {
    /// 2 is 64 bits.
    let sizeClass: UInt8
    /// 1 is little-endian.
    let byteOrder: UInt8
    let number: UInt16

    init(sizeClass: UInt8, byteOrder: UInt8, number: UInt16) {
        self.sizeClass = sizeClass
        self.byteOrder = byteOrder
        self.number = number
    }

    /// The machine of this program; nil if its file cannot be read.
    package static var own: ElfMachine? {
        do throws(StorageError) {
            return try ElfImage.open("/proc/self/exe", for: nil).machine
        } catch { return nil }
    }

    /// The name in messages to users.
    package var name: String {
        let known: [UInt16: String] = [
            3: "i386", 21: "PowerPC64", 22: "S/390", 40: "ARM", 62: "x86-64", 183: "AArch64",
            243: "RISC-V", 258: "LoongArch",
        ]
        return (known[number] ?? "machine \(number)") + (sizeClass == 2 ? "" : " (32 bits)")
            + (byteOrder == 1 || number == 22 ? "" : " (big-endian)")
    }

    /// The name of the folders in which Debian keeps the libraries of this machine.
    var folder: String? {
        switch number {
        case 62: "x86_64-linux-gnu"
        case 183: "aarch64-linux-gnu"
        case 21: "powerpc64le-linux-gnu"
        case 243: "riscv64-linux-gnu"
        default: nil
        }
    }

    /// The value of `$PLATFORM` for the dynamic loader.
    var platform: String { folder?.split(separator: "-").first.map(String.init) ?? "" }
}
