import Content
import Swarm
import Vocabulary
import Wire

extension Share.Owned {
    init(_ file: Publication) {
        let manifest =
            file.nested.map { Descriptor(nested: $0.content, manifest: $0.encoded) }
            ?? Descriptor(inline: file.encoded)
        self.init(
            name: file.name, content: file.content, geometry: file.geometry,
            manifest: manifest, nestedGeometry: file.nested?.manifest.geometry)
    }
}
