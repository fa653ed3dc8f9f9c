internal import CMPI

/// Makes a call into MPI and checks its return code. All calls pass through here, and an error
/// carries the name of its call.
@inline(__always)
func mpi(_ call: StaticString, _ body: () -> CInt) throws(MPIError) {
    let code = body()
    guard code == cmpi_success() else { throw .failed(call: call, code: code) }
}

/// A text that MPI writes into memory of `capacity` bytes; empty if the call fails.
func textOfMPI(
    capacity: CInt, _ write: (UnsafeMutablePointer<CChar>, inout CInt) -> CInt
) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(capacity)) { text in
        unsafe text.initialize(repeating: 0)
        var count: CInt = 0
        guard let start = text.baseAddress,
            unsafe write(start, &count) == cmpi_success(),
            (0...capacity).contains(count)
        else { return "" }
        let bytes = unsafe UnsafeRawBufferPointer(text)[..<Int(count)]
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
