/// OPEN MPI ONLY: the parameters of one implementation, which every other ignores.
/// They are set in the environment before `MPI_Init`, and a user's own value always wins.
enum OpenMPISettings {
    static let parameters = [
        // Ranks leave without the closing fence, which would wait for dead ranks.
        (variable: "OMPI_MCA_async_mpi_finalize", value: "1"),
        // The threads of a rank pause by themselves when nothing comes. If the library also
        // yielded, each look at the network would give up the core for a whole time slice, to any
        // other program that runs.
        (variable: "OMPI_MCA_mpi_yield_when_idle", value: "0"),
        // Microseconds between looks at the sockets. After a death Open MPI looks at them only on
        // this tick, and the default of 10 ms would slow down every survivor.
        (variable: "OMPI_MCA_mpi_event_tick_rate", value: "100"),
        // The fragments of a payload that are under way at once. Between two looks at the network
        // no more than these move, and with the default of 3 a payload of 16 MiB took 171 looks,
        // with a pause after most of them: 2 GiB to two ranks of one machine took 7.7 s, and take
        // 3.3 s.
        (variable: "OMPI_MCA_pml_ob1_send_pipeline_depth", value: "32"),
        // Puts and gets are switched off: if one side accesses the other's memory, a message that
        // is longer than the posted buffer is written past its end before the error is reported. A
        // message in fragments is cut off at the end of the buffer.
        (variable: "OMPI_MCA_btl_vader_flags", value: "send,inplace"),
        (variable: "OMPI_MCA_btl_tcp_flags", value: "send,inplace"),
    ]

    static func apply() throws(LaunchError) {
        for parameter in parameters {
            try Environment.set(parameter.variable, to: parameter.value, overwriting: false)
        }
    }
}
