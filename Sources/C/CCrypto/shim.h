// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros and variadic functions, which Swift cannot call.

/// A new key on the curve P-256, or NULL.
static inline EVP_PKEY *binnacle_new_p256_key(void) { return EVP_EC_gen("P-256"); }

/// Adds one extension, written as in an openssl configuration file; 1 when done.
static inline int binnacle_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

/// The bytes that a memory BIO holds; valid until it is written to or freed.
static inline long binnacle_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }
