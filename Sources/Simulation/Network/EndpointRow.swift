/// One thread's end of the network.
struct EndpointRow {
    /// The inbox: a list through the slots, in the order of arrival.
    var first = SlotHead.none
    var last = SlotHead.none
    /// Whether it stands in the list of those to be stepped.
    var isReady = false
    /// Closed ends take nothing any more.
    var isOpen = false
    /// A paused one takes in, but is not stepped.
    var isPaused = false
    /// The earliest wake that stands in the queue.
    var alarm = UInt64.max
    var alarmGeneration: UInt32 = 0
    /// What its disk has done and its node has not been told.
    var diskPending = 0
    var posted: [PostedReceive] = []
    /// Slots of payloads that came before their receive was posted.
    var unexpected: [UInt32] = []
    /// Slots of payloads that were told of and not yet taken.
    var untaken: [UInt32] = []
}
