// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct SHA256Tests {
  /// From FIPS 180-4's published examples.
  @Test(
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ] as [(String, String)]
  )
  func `published examples hold`(text: String, digest: String) {
    #expect(SHA256.hexDigest(text) == digest)
    #expect(SHA256.hexDigest(Array(text.utf8)) == digest)
  }

  @Test func `pieces give the digest of the whole`() {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var digest = SHA256()
    for start in stride(from: 0, to: bytes.count, by: 777) {
      digest.update(Array(bytes[start..<min(start + 777, bytes.count)]))
    }
    #expect(digest.finish() == SHA256.digest(bytes))
  }

  @Test func `hexadecimal digits are lower case, two a byte`() {
    #expect(Hexadecimal.text([0, 0x0F, 0xA0, 0xFF]) == "000fa0ff")
  }
}
