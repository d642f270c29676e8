#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the archives that the tests read, with GNU tar, Python's tarfile and Go's archive/tar, all of the same files.
# Every archive must be read as manifest.txt says: the SHA-256, the size and the path of each file, sorted by path.
# The names in quoted.tsv are written by Go's strconv.Quote.
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C.UTF-8 TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"

python3 - "$work/files" manifest.txt <<'PYTHON'
import hashlib, os, sys

root, manifest = sys.argv[1:]
long = "n" * 120
files = {"metadata/version": b"1.1.0\n", "empty": b""}
for path in (
    "resources/pods/namespaces/web/app-1.json",
    "resources/pods/v1-preferredversion/namespaces/web/app-1.json",
    "resources/namespaces/cluster/web.json",
    "resources/configmaps/namespaces/web/ünïcödé-日本.json",
    # Fits as prefix and name; fits no more.
    "resources/customresourcedefinitions.apiextensions.k8s.io/v1-preferredversion/cluster/" + "c" * 90 + ".json",
    "resources/widgets.example.com/namespaces/" + long[:63] + "/" + long + ".json",
    "resources/" + "/".join(["deep" * 20] * 5) + "/file.json",
):
    files[path] = ('{"path":"%s"}' % path).encode()
for size in (1, 511, 512, 513, 1023, 1024, 1025, 70000):
    files["sizes/%d" % size] = (b"0123456789abcde\n" * (size // 16 + 1))[:size]
with open(manifest, "w") as lines:
    for path in sorted(files, key=str.encode):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "wb") as file:
            file.write(files[path])
        lines.write("%s %d %s\n" % (hashlib.sha256(files[path]).hexdigest(), len(files[path]), path))
PYTHON
find "$work/files" -exec touch -d @1767323045 {} +

gnu() { # name, further options
  local name=$1
  shift
  tar -C "$work/files" --sort=name --owner=0 --group=0 --numeric-owner "$@" -cf - . | gzip -9n > "$name"
}
gnu gnu.tar.gz --format=gnu
gnu gnu-pax.tar.gz --format=pax --pax-option=delete=atime,delete=ctime

python3 - "$work/files" <<'PYTHON'
import gzip, os, sys, tarfile

root = sys.argv[1]
for name, form in (("python-pax.tar.gz", tarfile.PAX_FORMAT), ("python-gnu.tar.gz", tarfile.GNU_FORMAT)):
    with open(name, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as zipped:
        with tarfile.open(fileobj=zipped, mode="w", format=form) as archive:
            for directory, names, files in os.walk(root):
                names.sort()
                for entry in sorted(files):
                    path = os.path.join(directory, entry)
                    info = archive.gettarinfo(path, os.path.relpath(path, root))
                    info.uid = info.gid = 0
                    info.uname = info.gname = ""
                    # A time with a fraction makes Python write a PAX record.
                    info.mtime = 1767323045.25 if form == tarfile.PAX_FORMAT else 1767323045
                    with open(path, "rb") as body:
                        archive.addfile(info, body)
PYTHON

cat > "$work/make.go" <<'GO'
package main

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	file, err := os.Create("go.tar.gz")
	check(err)
	zipped := gzip.NewWriter(file)
	archive := tar.NewWriter(zipped)
	check(filepath.WalkDir(os.Args[1], func(path string, entry fs.DirEntry, err error) error {
		check(err)
		if entry.IsDir() {
			return nil
		}
		name, err := filepath.Rel(os.Args[1], path)
		check(err)
		body, err := os.ReadFile(path)
		check(err)
		check(archive.WriteHeader(&tar.Header{
			Name: name, Size: int64(len(body)), Typeflag: tar.TypeReg, Mode: 0755,
			ModTime: time.Unix(1767323045, 0),
		}))
		_, err = archive.Write(body)
		return err
	}))
	check(archive.Close())
	check(zipped.Close())
	check(file.Close())

	lines, err := os.Create("quoted.tsv")
	check(err)
	for _, text := range []string{
		"plain", "two words", "a\"b\\c", "tab\tline\nreturn\r", "bell\a\b\f\v", "\x00\x1f\x7f",
		"ünï 日本 🙂", "a=b", "\u0080\u00a0\u00ad", "\u200b\u2028\ufeff", "\U000e0001", "e\u0301", "",
		"…", "\ue000",
	} {
		fmt.Fprintf(lines, "%x\t%s\n", text, strconv.Quote(text))
	}
	check(lines.Close())
}
GO
go run "$work/make.go" "$work/files"
