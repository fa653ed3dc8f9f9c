import Content
import Testing
import Vocabulary

struct ArchiveNameTests {
    @Test(arguments: [
        ("env.tar.gz", "env"), ("env.tgz", "env"), ("a.b.tar.zst", "a.b"), ("x.zip", "x"),
        ("x.cpio.xz", "x"), ("x.tar", "x"), ("x.gz", "x.gz"), (".tar", ".tar"), ("tar", "tar"),
        ("x.tar.gz.old", "x.tar.gz.old"), ("é.tbz2", "é"),
    ])
    func theEndingGoes(name: String, stem: String) throws {
        #expect(try ArchiveName.stem(of: RelativePath(name)).description == stem)
    }
}
