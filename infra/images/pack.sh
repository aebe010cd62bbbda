#!/bin/sh
# Packs a program of this Debian or Ubuntu, and the libraries that it loads, into the root folder of an image:
# `pack.sh <program> <folder>`. For machines that cannot pull the images of Redis and nginx.
set -eu
program=$(command -v "$1" || echo "/usr/sbin/$1")
root=$2
rm -rf "$root"
# The loader and each library go where the program looks for them, the program where other images have it.
libraries=$(ldd "$program" | grep -o '/[^ )]*')
for file in $libraries; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
done
mkdir -p "$root$(dirname "$program")"
cp -L "$program" "$root$program"
# nginx looks its user up by name.
mkdir -p "$root/etc"
echo 'nobody:x:65532:65532:nobody:/:/' > "$root/etc/passwd"
echo 'nobody:x:65532:' > "$root/etc/group"
