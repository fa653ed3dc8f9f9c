package import Vocabulary

/// The values about a rank and its job that endpoints need. Any thread may create endpoints, until
/// the rank has left the job.
package struct MPIPlace: Sendable {
    package let rank: Rank
    package let rankCount: Int
    let tagUpperBound: Int32
}
