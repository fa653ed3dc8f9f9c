import TestSupport
import Testing

/// `--with-libs` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageLibrariesTests {
    /// The copy runs with the line that was printed, although the libraries are gone from where
    /// they were.
    @Test func anExecutableArrivesWithItsLibraries() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir opt && echo 'int two(void) { return 2; }' | gcc -shared -fPIC -xc - \
                -Wl,-soname,libtwo.so.2 -o opt/libtwo.so.2.0 &&
            ln -s libtwo.so.2.0 opt/libtwo.so.2 && ln -s libtwo.so.2 opt/libtwo.so &&
            echo 'int three(void) { return 3; }' | gcc -shared -fPIC -xc - -o libthree.so &&
            printf '#include <dlfcn.h>\\n#include <stdio.h>\\nint two(void);int main(void){
            void *l=dlopen("libthree.so",RTLD_NOW);if(!l)return 9;
            printf("%%d\\\\n",two()+((int(*)(void))dlsym(l,"three"))());}' |
            gcc -xc - -o prog -Lopt -ltwo -ldl -Wl,-rpath,"$PWD/opt"
            """)
        let words = ["--with-libs", "--lib", "./libthree.so", "--receivers", "1"]
        let first = try place.stage(2, all: words + ["./prog", "./o/{rank}/p"])
        #expect(first.status == 0 && first.lines.isEmpty, "\(first.command.errors)")
        let line = try #require(first.command.output.split(separator: "\n").last)
        #expect(line.hasPrefix("export LD_LIBRARY_PATH=\(place.path)/o/1/p_libs$"))
        #expect(
            try place.shell("ls -A o/1 o/1/p_libs")
                == "o/1:\np\np_libs\n\no/1/p_libs:\nlibthree.so\nlibtwo.so.2\n")
        let again = try place.stage(2, all: words + ["./prog", "./o/{rank}/p"])
        #expect(again.summary?.ranks.allSatisfy { $0.read == 0 && $0.fetched == 0 } == true)
        try place.shell("mv opt gone && mv libthree.so gone")
        #expect(try place.shell("\(line) && o/1/p") == "5\n")
    }

    /// Each rank has another one of the executables.
    @Test func executablesOfSeveralRanksArrive() throws {
        let place = try StagePlace()
        try place.shell(
            "mkdir a b && for i in a b; do echo 'int main(){}' | gcc -xc - -o $i/prog-$i; done")
        let program = ProcessRunner.product("mpiswarm")
        let words = ["stage", "--with-libs", "prog-a", "prog-b", "\(place.path)/o/{rank}"]
        let ranks = ["a", "b"].map {
            ["--wdir", place.full("./\($0)"), "-np", "1", program] + words
        }
        let launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
        let result = try ProcessRunner.run(
            launcher + ranks.joined(separator: [":"]), limit: .seconds(30))
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0...1 {
            for name in ["a", "b"] {
                try place.expectSame("\(name)/prog-\(name)", "o/\(rank)/prog-\(name)")
            }
        }
    }

    /// The words are those of the command that was typed: `sbcast` has no `--with-libs`.
    @Test func aScriptIsOneLine() throws {
        let place = try StagePlace()
        try place.shell("echo '#!/bin/sh' > script")
        let script = place.full("./script")
        let result = try ProcessRunner.mpirun(
            np: 2, arguments: ["sbcast", "--send-libs", script, place.full("./o/{rank}")])
        #expect(result.status == 2)
        let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm:") }
        #expect(lines.count == 1 && lines.first?.hasPrefix("mpiswarm: sbcast: ") == true)
        #expect(
            lines.first?.hasSuffix(
                "script: it is a script of /bin/sh: name the executable itself") == true)
    }
}
