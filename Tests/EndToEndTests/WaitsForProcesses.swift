import TestSupport
import Testing

/// Tests that wait for processes, on threads of their own.
struct WaitsForProcesses: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
    }
}

extension Trait where Self == WaitsForProcesses {
    static var waitsForProcesses: Self { Self() }
}
