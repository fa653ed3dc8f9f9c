import Content
import Vocabulary

extension MetainfoError {
    var sentence: String {
        switch self {
        case .torrent(let error):
            if case .lacking = error.flaw {
                error.flaw.sentence
            } else {
                "no torrent: at byte \(error.position): \(error.flaw.sentence)"
            }
        case .seed(let error): "no seed file: line \(error.line): \(error.flaw.sentence)"
        case .manifest(let error): "no manifest: \(error.sentence)"
        }
    }
}

/// The usual cause is a system that enforces FIPS 140.
func lackingText(_ algorithm: DigestAlgorithm) -> String {
    "the libcrypto of this system refuses to compute \(algorithm.words)"
}

extension TorrentFlaw {
    var sentence: String {
        switch self {
        case .notBencoded(let flaw): flaw.sentence
        case .missing(let key): "'\(key)' is missing"
        case .wrongKind(let key): "the value of '\(key)' is of the wrong kind"
        case .negative(let key): "'\(key)' is negative"
        case .unknownVersion(let number): "its version is \(number), and 2 is the last one known"
        case .badName(let flaw): "a name is refused: \(flaw.words)"
        case .nameOfSeveralComponents: "a name is refused: it holds a '/'"
        case .pathTwice(let path): "\(path) is there twice"
        case .fileAndFolder(let path): "\(path) is a file and a folder"
        case .link: "it has a link in place of a file"
        case .badPieceLength(let length): "\(length) bytes are no piece length"
        case .padTooLong: "a pad is as long as a piece"
        case .tooLarge: "it has more bytes or pieces than a content may have"
        case .wrongPieceCount: "there are not as many digests as pieces"
        case .rootMissing: "a file has no 'pieces root'"
        case .badRoot: "a 'pieces root' is no SHA-256 digest, or of an empty file"
        case .layerMissing(let path): "the piece layer of \(path) is missing"
        case .layerDiffersFromRoot(let path): "the piece layer of \(path) differs from its root"
        case .layerOfNothing: "a piece layer belongs to no file"
        case .halvesDiffer: "its v1 half and its v2 half describe different files"
        case .lacking(let algorithm): lackingText(algorithm)
        }
    }
}

extension BencodeFlaw {
    fileprivate var sentence: String {
        switch self {
        case .ended: "the file ends within a value"
        case .notAValue: "no value begins here"
        case .notANumber: "a number is not written as it should be"
        case .numberTooLarge: "a number has more than 63 bits"
        case .textTooLong: "a text is longer than the rest of the file"
        case .keyNotText: "a key is no text"
        case .keyTwice: "a key stands twice"
        case .keysOutOfOrder: "keys are not in order"
        case .tooDeep(let most): "values are nested deeper than \(most)"
        case .tooManyValues(let most): "there are more than \(most) values"
        case .trailing: "something follows the end"
        }
    }
}

extension SeedFileFlaw {
    fileprivate var sentence: String {
        switch self {
        case .ended: "the file ends before name, length and digest are complete"
        case .badName(let flaw): "the name is refused: \(flaw.words)"
        case .nameOfSeveralComponents: "the name is refused: it holds a '/'"
        case .badLength: "this is no length"
        case .badDigest: "this is no digest of the kind that the third line has"
        case .wrongPieceCount(let count):
            "\(count) is not the number of pieces that the length makes; "
                + "another length of pieces is given by --piece-size"
        }
    }
}

extension ManifestError {
    fileprivate var sentence: String {
        switch self {
        case .notAManifest: "the file is too short"
        case .unknownVersion(let number): "its version is \(number), and 1 is the last one known"
        case .unknownScheme(let number): "its digest scheme \(number) is not known"
        case .badName(let flaw): "its name is refused: \(flaw.words)"
        case .badGeometry: "it cannot be cut into pieces like this"
        case .badLabel: "it has a label that is none"
        case .wrongLength: "it is longer or shorter than it says"
        }
    }
}
