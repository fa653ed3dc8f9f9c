/// `mpiswarm doctor [DEST]`
package struct DoctorOptions: CommandOptions {
    package var destination: String?

    package init() {}

    package static let table = CommandTable<DoctorOptions>(
        name: "doctor",
        summary: "Check whether jobs can work here: MPI, launcher, network, disk.",
        example: "mpirun -np 4 mpiswarm doctor /scratch/dataset",
        operands: [
            .optional(
                "DEST", .file, into: \.destination,
                "where stage would write; {rank} and {host} are replaced as there")
        ],
        exits: "the job can work", or: "it cannot")

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        try Placeholder.check([destination], command: "doctor")
        return .request(.doctor(self))
    }
}
