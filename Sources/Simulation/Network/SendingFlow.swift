/// The payload of a flow, and its receiver.
struct SendingFlow: BitwiseCopyable {
    let source: Int32
    let destination: Int32
    let request: UInt32
    var payload: SimulatedPayload
}
