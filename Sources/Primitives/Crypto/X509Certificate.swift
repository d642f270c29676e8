// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// Whom a certificate is for.
struct CertificateSubject {
  var commonName: String
  var organizations: [String]
}

/// A private key that libcrypto holds.
struct PrivateKey: ~Copyable {
  fileprivate let pointer: OpaquePointer

  deinit { EVP_PKEY_free(pointer) }

  /// Makes a new key on the curve P-256.
  static func make() throws(CertificateError) -> PrivateKey {
    guard let pointer = binnacle_new_p256_key() else {
      throw CertificateError.libcrypto("cannot make a key on the curve P-256")
    }
    return PrivateKey(pointer: pointer)
  }

  /// Reads a key that is not encrypted.
  static func read(pem: String) throws(CertificateError) -> PrivateKey {
    let bio = try MemoryBIO.reading(pem)
    guard let pointer = PEM_read_bio_PrivateKey(bio.pointer, nil, nil, nil) else {
      throw CertificateError.libcrypto("cannot read a private key")
    }
    return PrivateKey(pointer: pointer)
  }

  /// The key as PKCS #8 in PEM.
  func pem() throws(CertificateError) -> String {
    let bio = try MemoryBIO.empty()
    guard PEM_write_bio_PKCS8PrivateKey(bio.pointer, pointer, nil, nil, 0, nil, nil) == 1 else {
      throw CertificateError.libcrypto("cannot write a private key")
    }
    return bio.text
  }
}

/// A certificate that libcrypto holds.
struct X509Certificate: ~Copyable {
  private let pointer: OpaquePointer

  private init(pointer: OpaquePointer) { self.pointer = pointer }

  deinit { X509_free(pointer) }

  /// Makes a certificate without issuer, extensions and signature; its serial number is random.
  static func make(
    subject: CertificateSubject,
    key: borrowing PrivateKey,
    validFrom: Timestamp,
    validUntil: Timestamp
  ) throws(CertificateError) -> X509Certificate {
    guard let pointer = X509_new() else {
      throw CertificateError.libcrypto("cannot make a certificate")
    }
    let certificate = X509Certificate(pointer: pointer)
    guard X509_set_version(pointer, Int(X509_VERSION_3)) == 1,
      X509_set_pubkey(pointer, key.pointer) == 1,
      ASN1_TIME_set(X509_getm_notBefore(pointer), Int(validFrom.seconds)) != nil,
      ASN1_TIME_set(X509_getm_notAfter(pointer), Int(validUntil.seconds)) != nil
    else { throw CertificateError.libcrypto("cannot set a certificate's key and validity") }
    try certificate.setRandomSerialNumber()
    for organization in subject.organizations { try certificate.add("O", organization) }
    try certificate.add("CN", subject.commonName)
    return certificate
  }

  /// Reads a certificate.
  static func read(pem: String) throws(CertificateError) -> X509Certificate {
    let bio = try MemoryBIO.reading(pem)
    guard let pointer = PEM_read_bio_X509(bio.pointer, nil, nil, nil) else {
      throw CertificateError.libcrypto("cannot read a certificate")
    }
    return X509Certificate(pointer: pointer)
  }

  /// Makes this certificate's subject the issuer of `other`.
  func setIssuer(of other: borrowing X509Certificate) throws(CertificateError) {
    guard X509_set_issuer_name(other.pointer, X509_get_subject_name(pointer)) == 1 else {
      throw CertificateError.libcrypto("cannot set a certificate's issuer")
    }
  }

  /// Adds an extension, written as in openssl's configuration files.
  func add(
    _ nid: Int32,
    _ value: String,
    issuer: borrowing X509Certificate
  ) throws(CertificateError) {
    guard binnacle_add_extension(pointer, issuer.pointer, nid, value) == 1 else {
      throw CertificateError.libcrypto("cannot add '\(value)' to a certificate")
    }
  }

  /// Signs the certificate; nothing can be added afterwards.
  func sign(with key: borrowing PrivateKey) throws(CertificateError) {
    guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else {
      throw CertificateError.libcrypto("cannot sign a certificate")
    }
  }

  /// The certificate in PEM.
  func pem() throws(CertificateError) -> String {
    let bio = try MemoryBIO.empty()
    guard PEM_write_bio_X509(bio.pointer, pointer) == 1 else {
      throw CertificateError.libcrypto("cannot write a certificate")
    }
    return bio.text
  }

  /// Adds one field to the subject.
  private func add(_ field: String, _ value: String) throws(CertificateError) {
    let bytes = Array(value.utf8)
    let name = X509_get_subject_name(pointer)
    let added = X509_NAME_add_entry_by_txt(
      name,
      field,
      MBSTRING_UTF8,
      bytes,
      Int32(bytes.count),
      -1,
      0
    )
    guard added == 1 else {
      ERR_clear_error()
      throw CertificateError(
        message: "cannot put '\(value)' into a certificate's subject as \(field)",
        hint: "use 1 to 64 characters"
      )
    }
  }

  /// Sets 127 random bits: positive, at most 20 octets, and hard to guess, as RFC 5280, 4.1.2.2 asks.
  private func setRandomSerialNumber() throws(CertificateError) {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard RAND_bytes(&bytes, Int32(bytes.count)) == 1,
      let number = BN_bin2bn(bytes, Int32(bytes.count), nil)
    else { throw CertificateError.libcrypto("cannot draw a serial number") }
    defer { BN_free(number) }
    _ = BN_clear_bit(number, 127)
    guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
      throw CertificateError.libcrypto("cannot set a serial number")
    }
  }
}

/// Memory that libcrypto reads from or writes to.
private struct MemoryBIO: ~Copyable {
  let pointer: OpaquePointer

  deinit { BIO_free_all(pointer) }

  static func empty() throws(CertificateError) -> MemoryBIO {
    guard let pointer = BIO_new(BIO_s_mem()) else {
      throw CertificateError.libcrypto("cannot get memory")
    }
    return MemoryBIO(pointer: pointer)
  }

  static func reading(_ text: String) throws(CertificateError) -> MemoryBIO {
    let bio = try empty()
    let bytes = Array(text.utf8)
    guard BIO_write(bio.pointer, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
      throw CertificateError.libcrypto("cannot get memory for \(bytes.count) bytes")
    }
    return bio
  }

  var text: String {
    var start: UnsafeMutablePointer<CChar>?
    let count = binnacle_bio_bytes(pointer, &start)
    guard let start, count > 0 else { return "" }
    return String(
      decoding: UnsafeRawBufferPointer(start: start, count: count),
      as: UTF8.self
    )
  }
}

extension CertificateError {
  /// What cannot be done, with libcrypto's reason; the queue of its errors is empty afterwards.
  fileprivate static func libcrypto(_ what: String) -> CertificateError {
    var buffer = [CChar](repeating: 0, count: 256)
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0 else { return CertificateError(message: what, hint: nil) }
    ERR_error_string_n(code, &buffer, buffer.count)
    let bytes = buffer.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }
    let reason = String(decoding: bytes, as: UTF8.self)
    return CertificateError(message: "\(what): \(reason)", hint: nil)
  }
}
