// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift cannot call. One function per
// type of argument; the caller sees to it that the option takes that type (curl/curl.h, CURLOPTTYPE_*).

typedef size_t (*binnacle_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*binnacle_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*binnacle_prereq_callback)(
    void *context, char *remote_address, char *local_address, int remote_port, int local_port);

static inline CURLcode binnacle_easy_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode binnacle_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode binnacle_easy_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode binnacle_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode binnacle_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

// The bytes are copied by curl.
static inline CURLcode binnacle_easy_set_blob(
    CURL *easy, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(easy, option, &blob);
}

static inline CURLcode binnacle_easy_set_data_callback(
    CURL *easy, CURLoption option, binnacle_data_callback callback) {
  return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode binnacle_easy_set_seek_callback(CURL *easy, binnacle_seek_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode binnacle_easy_set_prereq_callback(
    CURL *easy, binnacle_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline long binnacle_easy_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline void *binnacle_easy_get_private(CURL *easy) {
  char *value = NULL;
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode binnacle_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The result of a finished message: it sits in a union.
static inline CURLcode binnacle_message_result(const CURLMsg *message) {
  return message->data.result;
}
