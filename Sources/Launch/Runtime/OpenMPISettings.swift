/// OPEN MPI ONLY: the parameters of one implementation, which every other ignores.
/// They are set in the environment before `MPI_Init`, and a user's own value always wins.
enum OpenMPISettings {
    static let parameters = [
        // Ranks leave without the closing fence, which would wait for the dead.
        (variable: "OMPI_MCA_async_mpi_finalize", value: "1"),
        // The threads of a rank rest by themselves when nothing comes. If the library also yielded,
        // each look at the network would give the core away for a whole time slice, to any other
        // program that runs.
        (variable: "OMPI_MCA_mpi_yield_when_idle", value: "0"),
        // Microseconds between looks at the sockets. After a death they are looked at only on this
        // tick, and the default of 10 ms would slow every survivor down to it.
        (variable: "OMPI_MCA_mpi_event_tick_rate", value: "100"),
        // Without puts and gets: where one side writes into the other's memory, a message that is
        // longer than the buffer posted for it is written past its end before the error is
        // reported. Sent in fragments it is cut at the end of the buffer.
        (variable: "OMPI_MCA_btl_vader_flags", value: "send,inplace"),
        (variable: "OMPI_MCA_btl_tcp_flags", value: "send,inplace"),
    ]

    static func apply() throws(LaunchError) {
        for parameter in parameters {
            try Environment.set(parameter.variable, to: parameter.value, overwriting: false)
        }
    }
}
