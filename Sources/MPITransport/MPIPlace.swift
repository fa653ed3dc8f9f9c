package import Vocabulary

/// The place of a rank in the job, which is what its endpoints need. Any thread may make endpoints,
/// but only until the job is left.
package struct MPIPlace: Sendable {
    package let rank: Rank
    package let rankCount: Int
    let tagUpperBound: Int32
}
