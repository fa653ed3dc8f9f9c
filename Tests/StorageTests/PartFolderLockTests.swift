import Glibc
import Testing

@testable import Storage

/// One job at a time writes below a destination, and the next one waits for it a little.
@Suite struct PartFolderLockTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Enters as another job does while `first` is inside, and calls `letGo` for `first` at pause
    /// number `letsGoAt`. Returns the number of pauses.
    private func pauses(
        beside first: borrowing PartFolder, patience: Duration, letsGoAt: Int? = nil,
        _ letGo: (borrowing PartFolder) throws(StorageError) -> Void = { _ in }
    ) throws(PartError) -> Int {
        var count = 0
        var trouble: StorageError?
        let second = try PartFolder.enter(
            in: scratch.path, name: ".part", patience: patience
        ) {
            count += 1
            guard count == letsGoAt else { return }
            do throws(StorageError) { try letGo(first) } catch { trouble = error }
        }
        if let trouble { throw .storage(trouble) }
        do throws(StorageError) { try second.unlock() } catch { throw .storage(error) }
        return count
    }

    @Test func aJobThatIsJustEndingIsWaitedFor() throws {
        let first = try PartFolder.enter(in: scratch.path, name: ".part")
        let count = try pauses(beside: first, patience: .seconds(2), letsGoAt: 3) {
            (folder) throws(StorageError) in try folder.unlock()
        }
        #expect(count == 3)
    }

    /// The first job's folder is gone then, and the second job makes its own.
    @Test func aJobThatEndsWellIsWaitedFor() throws {
        let first = try PartFolder.enter(in: scratch.path, name: ".part")
        let count = try pauses(beside: first, patience: .seconds(2), letsGoAt: 100) {
            (folder) throws(StorageError) in
            try folder.remove()
            try folder.unlock()
        }
        #expect(count == 100)
        #expect(FileIdentity(path: scratch.path(".part")) != nil)
    }

    /// Two seconds are a hundred looks, twenty milliseconds apart.
    @Test(arguments: [(Duration.zero, 0), (.milliseconds(60), 3), (.seconds(2), 100)])
    func patienceWithAJobThatStaysEnds(patience: Duration, pauseCount: Int) throws {
        let first = try PartFolder.enter(in: scratch.path, name: ".part")
        var count = 0
        let error = #expect(throws: PartError.self) {
            _ = try PartFolder.enter(in: scratch.path, name: ".part", patience: patience) {
                count += 1
            }
        }
        #expect(error == .busy(path: scratch.path(".part")))
        #expect(count == pauseCount)
        try first.unlock()
    }

    /// A process that is being started has such a copy until it runs its program.
    @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
        try scratch.put("", "lock")
        let copy = try copyOfEndedLock()
        _ = try lock()
        Glibc.close(copy)
    }

    private func copyOfEndedLock() throws -> Int32 {
        let held = try lock()
        return dup(held.file.raw)
    }

    private func lock() throws(StorageError) -> FileLock {
        let path = scratch.path("lock")
        return try FileLock(try OpenFile(opening: path, flags: O_RDWR), path: path)
    }
}
