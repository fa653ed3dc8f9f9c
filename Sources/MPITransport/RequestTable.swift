internal import CMPI

/// Every request of one endpoint, without gaps, so that one `MPI_Testsome` over all of them is a
/// poll. (Sixteen requests tested one by one cost nearly three times the processor when idle.)
///
/// Invariant: `rows[i]` has the purpose of `requests[i]`, for every `i` below `rows.count`. Rows
/// change places when others end, so an index is valid only until the next `closeUp()`.
@safe
struct RequestTable: ~Copyable {
    private(set) var rows: [Pending] = []
    private let requests: UnsafeMutableBufferPointer<cmpi_request>
    private let indices: UnsafeMutableBufferPointer<CInt>
    private let statuses: UnsafeMutableBufferPointer<MPI_Status>
    private var completedCount = 0
    private var statusesTellErrors = false

    init(capacity: Int) {
        rows.reserveCapacity(capacity)
        unsafe requests = .allocate(capacity: capacity)
        unsafe requests.initialize(repeating: cmpi_request())
        unsafe indices = .allocate(capacity: capacity)
        unsafe indices.initialize(repeating: 0)
        unsafe statuses = .allocate(capacity: capacity)
        unsafe statuses.initialize(repeating: MPI_Status())
    }

    /// The handles may always be freed, because MPI keeps no pointer to a handle between two calls.
    deinit {
        unsafe requests.deallocate()
        unsafe indices.deallocate()
        unsafe statuses.deallocate()
    }

    var isFull: Bool { unsafe rows.count == requests.count }

    /// Adds the request that `begin` starts, unless that fails.
    mutating func add(
        _ row: Pending, _ call: StaticString, begin: (UnsafeMutablePointer<cmpi_request>) -> CInt
    ) throws(MPIError) {
        precondition(!isFull, "more requests than the table was made for")
        guard let start = unsafe requests.baseAddress else { return }
        try mpi(call) { CallGate.pass { unsafe begin(start + rows.count) } }
        rows.append(row)
    }

    mutating func replace(_ index: Int, with row: Pending) { rows[index] = row }

    func cancel(_ index: Int) throws(MPIError) {
        guard let start = unsafe requests.baseAddress else { return }
        precondition(rows.indices.contains(index))
        try mpi("MPI_Cancel") { CallGate.passAlone { unsafe cmpi_cancel(start + index) } }
    }

    /// Tests every request once, and returns the number of completed ones. `completion(_:)` reads
    /// each of them, then `closeUp()` must follow. A quiet test sees only what the last progress
    /// has brought.
    mutating func test(quietly isQuiet: Bool = false) throws(MPIError) -> Int {
        guard !rows.isEmpty, let start = unsafe requests.baseAddress else { return 0 }
        let count = CInt(rows.count)
        var done: CInt = 0
        statusesTellErrors = false
        do throws(MPIError) {
            try mpi("MPI_Testsome") {
                CallGate.pass(quietly: isQuiet) {
                    unsafe cmpi_testsome(
                        count, start, &done, indices.baseAddress, statuses.baseAddress)
                }
            }
        } catch {
            // The code in the standard for this is MPI_ERR_IN_STATUS; Open MPI returns the code of
            // the first request that failed. Either way the statuses show it, if there are any.
            guard (1...count).contains(done) else { throw error }
            statusesTellErrors = true
        }
        completedCount = max(0, Int(done))  // MPI_UNDEFINED is negative.
        return completedCount
    }

    mutating func completion(_ number: Int) -> RequestEnding {
        precondition(number < completedCount)
        let row = unsafe Int(indices[number])
        let pending = rows[row]
        rows[row] = .over
        var status = unsafe statuses[number]
        return unsafe RequestEnding(
            pending: pending, source: status.MPI_SOURCE,
            byteCount: Int(cmpi_byte_count(&status)),
            wasCancelled: cmpi_was_cancelled(&status) != 0,
            outcome: outcome(of: status))
    }

    private func outcome(of status: MPI_Status) -> RequestEnding.Outcome {
        // Only when the call failed do the statuses hold a code at all (MPI 3.1, section 3.2.5).
        let code = status.MPI_ERROR
        guard statusesTellErrors, code != cmpi_success() else { return .well }
        var errorClass: CInt = code
        _ = unsafe MPI_Error_class(code, &errorClass)
        return errorClass == cmpi_err_truncate() ? .tooLong : .failed(code: code)
    }

    /// Fills the places of the completed rows from the end. The standard promises no order of the
    /// indices, so rows that have ended are never moved, only dropped.
    mutating func closeUp() {
        for number in 0..<completedCount {
            dropEnd()
            let row = unsafe Int(indices[number])
            guard row < rows.count else { continue }
            unsafe requests[row] = requests[rows.count - 1]
            rows[row] = rows.removeLast()
        }
        dropEnd()
        completedCount = 0
    }

    private mutating func dropEnd() {
        while rows.last?.isOver == true { rows.removeLast() }
    }

    /// Gives up every remaining request, and returns their memory, which must not be freed: MPI may
    /// still read or write it.
    mutating func abandonAll() -> [Pending] {
        for index in rows.indices {
            // If a request cannot even be given up, nothing changes, because its memory stays
            // anyway.
            guard let start = unsafe requests.baseAddress else { break }
            _ = CallGate.passAlone { unsafe cmpi_request_free(start + index) }
        }
        let abandoned = rows
        rows = []
        return abandoned
    }
}
