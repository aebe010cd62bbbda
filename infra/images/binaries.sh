#!/bin/sh
# Compiles the programs of all images in one cargo build, into a folder with the certificates that they trust:
# `binaries.sh <folder> [more programs]`. Two builds of one commit give the same bytes, wherever the checkout is.
set -eu
out=$1
shift
cd "$(dirname "$0")/../.."
[ -f web/dist/index.html ] || { echo 'binaries.sh: the front end is missing: `make web-build` builds it' >&2 && exit 1; }
target=$(rustc -vV | sed -n 's/^host: //p')

# Static glibc: with musl a hold costs 40 % more. This machine's paths are mapped away.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
link=
# Rust's own linker (on this architecture) packs relocations (1 MB less) and folds identical functions.
case $target in x86_64-*) link='-C link-arg=-Wl,-z,pack-relative-relocs -C link-arg=-Wl,--icf=all' ;; esac
export RUSTFLAGS="-C target-feature=+crt-static $link \
    --remap-path-prefix=$PWD=/yemae --remap-path-prefix=$cargo_home=/cargo"
# No panic unwinds through C code.
export CFLAGS="-fno-asynchronous-unwind-tables -ffile-prefix-map=$PWD=/yemae -ffile-prefix-map=$cargo_home=/cargo"

programs="$(find functions -path '*/src/main.rs' | cut -d/ -f2 | sort) yemae yemae-demo yemae-dynamodb sandbox-payments $*"
# shellcheck disable=SC2046,SC2086 # lists of words
cargo build --locked --release --target "$target" --workspace $(printf -- '--bin %s ' $programs)

rm -rf "$out"
mkdir -p "$out"
for program in $programs; do cp "${CARGO_TARGET_DIR:-target}/$target/release/$program" "$out/"; done
# Mozilla's authorities, as packaged, without those that this machine trusts besides.
cat /usr/share/ca-certificates/mozilla/*.crt > "$out/ca-certificates.crt"
