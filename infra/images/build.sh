#!/bin/sh
# `make images`: builds every image with this machine's Docker engine, pulling nothing. Images are called $IMAGES/<name>:$TAG;
# Knative asks no registry about `dev.local`. With ARCHIVE they are saved, too.
set -eu
cd "$(dirname "$0")/../.."
images=${IMAGES:-dev.local/yemae}
tag=${TAG:-dev}
context=${CARGO_TARGET_DIR:-target}/images
revision=$(git rev-parse HEAD 2> /dev/null || echo unknown)
# Debian's engine comes without BuildKit's client.
docker buildx version > /dev/null 2>&1 || export DOCKER_BUILDKIT=0

say() {
    printf '==> %s\n' "$*"
}

# build <image> <folder> <build arguments>... is quiet unless it fails: the engine warns of its own age each time.
build() {
    built=$1 from=$2
    shift 2
    docker build --quiet --tag "$built" --file - "$@" "$from" > "$context/log" 2>&1 || { cat "$context/log" >&2 && exit 1; }
}

# image <name> <folder> <build arguments>... reads the Dockerfile from standard input
image() {
    name=$1 folder=$2
    shift 2
    build "$images/$name:$tag" "$folder" "$@"
    docker image inspect --format "    $images/$name:$tag {{.Size}} bytes" "$images/$name:$tag"
}

say 'Compiling every program as a static binary'
infra/images/binaries.sh "$context/out"

say 'Building the images'
printf 'FROM scratch\nCOPY . /out/\n' | build yemae-build "$context/out"
empty=$(mktemp -d)
trap 'rmdir "$empty"' EXIT
for program in "$context"/out/*; do
    program=$(basename "$program")
    case $program in
        ca-certificates.crt) continue ;;
        yemae-*) name=${program#yemae-} ;;
        sandbox-payments) name=payments ;;
        *) name=$program ;;
    esac
    sed -n '/^FROM scratch/,$p' infra/images/Dockerfile |
        image "$name" "$empty" --build-arg "PROGRAM=$program" --build-arg "REVISION=$revision" --build-arg "VERSION=$tag"
done
for program in redis-server nginx; do
    infra/images/pack.sh "$program" "$context/$program"
    image "${program%-server}" "$context/$program" < "infra/images/$program.Dockerfile"
done
if [ -n "${ARCHIVE-}" ]; then
    # shellcheck disable=SC2046 # a list of words
    docker save --output "$ARCHIVE" $(docker images --format '{{.Repository}}:{{.Tag}}' --filter "reference=$images/*:$tag")
    say "All of them are in $ARCHIVE"
fi
