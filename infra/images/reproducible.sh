#!/bin/sh
# `make reproducible`: compiles this commit twice, in two folders that share nothing, and compares every byte.
set -eu
cd "$(dirname "$0")/../.."
if [ -n "$(git status --porcelain)" ]; then
    echo 'reproducible.sh: commit first: only what is committed is compared' >&2
    exit 1
fi
unset CARGO_TARGET_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for checkout in one another/and-deeper; do
    git clone --quiet --no-hardlinks . "$folder/$checkout"
    make --no-print-directory -C "$folder/$checkout" web-build
    "$folder/$checkout/infra/images/binaries.sh" "$folder/$checkout/target/out"
    (cd "$folder/$checkout/target/out" && sha256sum ./*) > "$folder/$(basename "$checkout").sums"
done
diff "$folder/one.sums" "$folder/and-deeper.sums"
cat "$folder/one.sums"
echo 'Both builds are the same to the last byte.'
