/// The state of one thread's end of the network.
struct EndpointRow {
    /// The inbox: a list through the slots, in the order of arrival.
    var first = SlotHead.none
    var last = SlotHead.none
    /// Whether it is in the list of endpoints to be stepped.
    var isReady = false
    /// A closed endpoint receives nothing any more.
    var isOpen = false
    /// A paused endpoint receives, but is not stepped.
    var isPaused = false
    /// The earliest wake-up in the queue.
    var alarm = UInt64.max
    var alarmGeneration: UInt32 = 0
    /// Reports of its disk that its node has not taken yet.
    var diskPending = 0
    var posted: [PostedReceive] = []
    /// Slots of payloads that arrived before their receive was posted.
    var unexpected: [UInt32] = []
    /// Slots of payloads that were reported and not yet taken.
    var untaken: [UInt32] = []
}
