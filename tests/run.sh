#!/usr/bin/env bash
# Runs every test of the workspace and closes with one line over all of them. Without it the last lines are those of
# the documentation tests, which are few, and a reader of the log would take them for the result.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

outcome=0
cargo test --workspace --no-fail-fast 2>&1 | tee "$log" || outcome=$?

awk '
  /test result: / {
    for (i = 2; i <= NF; i++) {
      if ($i == "passed;") passed += $(i - 1)
      if ($i == "failed;") failed += $(i - 1)
    }
  }
  END { printf "\n%d passed, %d failed\n", passed, failed }
' "$log"
exit "$outcome"
