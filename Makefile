# A thin menu. Each entry is what one would type; the aliases of .cargo/config.toml serve while writing.

.PHONY: help demo test bench fuzz
.DEFAULT_GOAL := help

# Seconds that each fuzz target runs, and where `make demo` listens.
FUZZ_SECONDS ?= 10
PORT ?= 8080

help:
	@echo "make demo    build and start a complete broker with sandbox providers (PORT=$(PORT))"
	@echo "make test    install what the tests need, then format, lints and every test"
	@echo "make bench   the benchmarks"
	@echo "make fuzz    every fuzz target for FUZZ_SECONDS=$(FUZZ_SECONDS)"

# The development profile: it builds several times faster than release from cold, shares its build with `make test`,
# and optimises the one slow part, the generation of RSA keys.
demo:
	tests/setup.sh build
	cargo run -p vestibule-broker -- demo --port $(PORT)

test:
	tests/setup.sh
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy -p vestibule-broker --no-default-features -- -D warnings
	tests/run.sh

bench:
	cargo bench -p vestibule-tests

fuzz:
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh
