import CommandLine
import Content
import MPITransport
import Storage
import Vocabulary

extension StageOptions {
    /// A line if the options of some rank may differ from those of rank 0. Every rank has to call
    /// this, before it has any endpoint, and all get the same answer.
    func disagreement(_ world: borrowing MPIWorld) -> String? {
        let digest = Digester.digest(of: besidesCommandLine, .xxh3)
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let all = world.gather(number)
        guard let stray = all.firstIndex(where: { $0 != all[0] }) else { return nil }
        return "rank \(stray) has other MPISWARM_STAGE variables, or another file of --options, "
            + "than rank 0; mpirun passes on the variables that -x NAME names"
    }

    /// The variables and the file from which options may come. The command line is the same on
    /// every rank.
    private var besidesCommandLine: [UInt8] {
        var bytes: [UInt8] = []
        let table =
            collect == nil ? Self.table.description : CollectOptions.table.description
        for name in table.variables {
            if let value = environmentVariable(name) { bytes += Array("\(name)=\(value)\0".utf8) }
        }
        guard let optionsFile else { return bytes }
        do throws(StorageError) { return try bytes + readWhole(path: optionsFile) } catch {
            return bytes
        }
    }
}
