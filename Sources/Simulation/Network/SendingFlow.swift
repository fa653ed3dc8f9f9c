/// What a flow carries, and for whom.
struct SendingFlow: BitwiseCopyable {
    let source: Int32
    let destination: Int32
    let request: UInt32
    let payload: SimulatedPayload
}
