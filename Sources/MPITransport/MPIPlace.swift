package import Vocabulary

/// A rank's place in the job: what its endpoints have to know. They may be made by any thread, but
/// only until the job is left.
package struct MPIPlace: Sendable {
    package let rank: Rank
    package let rankCount: Int
    let tagUpperBound: Int32
}
