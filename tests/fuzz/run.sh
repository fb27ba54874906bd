#!/bin/sh
# Every fuzz target for FUZZ_SECONDS each, or those that are named. What is found stays in corpus/ and artifacts/, which
# belong to the machine; seeds/ belongs to the repository, as do dictionaries/, each for the targets that begin with its name.
set -eu
cd "$(dirname "$0")"
# The instrumentation is there in the pinned stable toolchain, behind this variable.
export RUSTC_BOOTSTRAP=1
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
for target in ${*:-$(cargo fuzz list)}; do
    mkdir -p "corpus/$target"
    words="dictionaries/${target%%_*}"
    cargo fuzz run "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time="${FUZZ_SECONDS:-10}" -timeout=10 -rss_limit_mb=2048 $([ ! -f "$words" ] || echo "-dict=$words")
done
