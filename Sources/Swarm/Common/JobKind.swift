/// The kind of a job: when its peers begin, what ends it, and who gives orders. All machines of a
/// job have the same.
package enum JobKind: Equatable, Sendable {
    /// `run`: peers begin when all lists are in, so that a name that is unknown then is known to be
    /// unknown, and the job ends when no peer wants anything. Where owners must agree, two contents
    /// under one name end the job before it begins.
    case batch(ownersMustAgree: Bool = false)
    /// `stage`: a batch whose ranks follow a plan. Each checks at the end that its copy is still
    /// where it belongs.
    case staged
    /// `serve`: peers come and go, each begins as soon as it has joined and looks at its folders,
    /// and users give orders until one of them ends the job.
    case standing

    var isStanding: Bool { self == .standing }

    var ownersMustAgree: Bool { self == .batch(ownersMustAgree: true) }
}
