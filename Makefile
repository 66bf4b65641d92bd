# A target needs only Go unless its description says otherwise.

GO ?= go
NESTED = internal/proofs internal/bench
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
# The same version as in .github/workflows. 'make GORELEASER=goreleaser' uses an installed one.
GORELEASER ?= $(GO) run github.com/goreleaser/goreleaser/v2@v2.14.3
# The same as in .goreleaser.yaml.
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## List 425 contract actions from the embedded sandbox, without credentials
	@$(GO) run ./cmd/contractactions demo

# Tests that measure memory, kill processes or fill disks: they take most of the time.
LONG = ^Test.*(Memory|KilledAt|OnAFullDisk)

.PHONY: test
test: ## Run the tests
	$(GO) test ./...

.PHONY: test-race
test-race: ## Run the tests under the race detector (needs a C compiler), but for those that take long
	$(GO) test -race -count=1 -skip '$(LONG)' ./...

.PHONY: build
build: ## Build the command into bin/
	$(GO) build -o bin/contractactions ./cmd/contractactions

.PHONY: check-platforms
check-platforms: ## Vet for Linux, macOS and Windows, and build the command for all platforms of a release
	@set -e; for platform in $(PLATFORMS); do \
		export CGO_ENABLED=0 GOOS=$${platform%/*} GOARCH=$${platform#*/}; \
		echo "$$platform"; \
		if [ $$GOARCH = amd64 ]; then $(GO) vet ./...; fi; \
		$(GO) build -trimpath -o bin/$$GOOS-$$GOARCH/ ./cmd/contractactions; \
	done

.PHONY: release-files
release-files: build ## Write the manual pages and completions of a release into release/
	rm -rf release && mkdir -p release/completions
	bin/contractactions man release/man
	gzip -9 -n -k release/man/*.1
	bin/contractactions completion bash > release/completions/contractactions.bash
	bin/contractactions completion zsh > release/completions/_contractactions
	bin/contractactions completion fish > release/completions/contractactions.fish
	bin/contractactions completion powershell > release/completions/contractactions.ps1

.PHONY: release-check
release-check: ## Build a release in dist/ and publish nothing: no image, signature or SBOM (builds GoReleaser first: minutes)
	$(GORELEASER) check
	$(GORELEASER) release --snapshot --clean --skip=ko,sign,sbom

.PHONY: generate
generate: ## Generate gen/ from openapi.yaml
	$(GO) generate ./...

# The packages whose tests have golden files.
GOLDENS = ./wrapper ./internal/cli/acceptance/command ./internal/cli/acceptance/list ./internal/cli/output

.PHONY: goldens
goldens: ## Write all golden files again, to be looked at and committed
	$(GO) test -count=1 -skip '$(LONG)' $(GOLDENS) -update

.PHONY: check
check: check-format check-modules check-generated lint ## Run every check but the tests

.PHONY: check-format
check-format: ## Fail if a file is not formatted
	@unformatted=$$(gofmt -l $$(git ls-files "*.go")); if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi

.PHONY: check-modules
check-modules: ## Fail if a go.mod or go.sum is not tidy
	$(GO) mod tidy -diff
	$(GO) mod verify
	@for module in $(NESTED); do (cd $$module && $(GO) mod tidy -diff) || exit 1; done

.PHONY: check-generated
check-generated: ## Generate again; print the difference and fail if there is one
	@before=$$(mktemp -d) && trap 'rm -rf "$$before"' EXIT && cp -R gen internal/gendecode/example internal/control "$$before" && \
	$(GO) generate ./... && \
	if diff -ru "$$before/gen" gen && diff -ru "$$before/example" internal/gendecode/example && diff -ru "$$before/control" internal/control; \
	then echo "gen/ is what openapi.yaml generates"; \
	else echo "the generated files were not up to date; they are now: look at them and commit them"; exit 1; fi

# Tests that need more than Go have build tags. Vetting them needs Go only.
TAGS = -tags browser,gates,languages,packages,peers,readme,recipes

.PHONY: lint
lint: ## Run go vet and staticcheck
	$(GO) vet $(TAGS) ./...
	$(GO) run $(STATICCHECK) $(TAGS) ./...
	@for module in $(NESTED); do (cd $$module && $(GO) vet ./... && $(GO) run $(STATICCHECK) ./...) || exit 1; done

# The targets below take longer, or need libraries that importers must not get.

.PHONY: test-proofs
test-proofs: ## Run the client over a bad network, under a short soak, and traced
	cd internal/proofs && $(GO) test -count=1 ./...

KILLS ?= 1000
FULL_DISKS ?= 100

.PHONY: test-into
test-into: ## Kill list --into and changes KILLS times, and let the disk be full FULL_DISKS times: each contract action once (not on Windows)
	$(GO) test -count=1 -v -timeout 0 -run 'KilledAtAnyMoment|OnAFullDisk' ./internal/cli/acceptance/checkpoint -kills $(KILLS) -full-disks $(FULL_DISKS)

FUZZTIME ?= 1m

.PHONY: fuzz
fuzz: ## Fuzz everything that parses input, each target for FUZZTIME
	@for package in ./wrapper ./api/sandbox ./internal/decode ./internal/gendecode/example ./internal/cli/scenario; do \
		targets=$$($(GO) test -list '^Fuzz' $$package) || { echo "$$targets"; exit 1; }; \
		for target in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz '^'"$$target"'$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package || exit 1; \
		done; \
	done

SOAKTIME ?= 10m

.PHONY: soak
soak: ## List for SOAKTIME under a random mix of faults; print the figures
	cd internal/proofs && $(GO) test -count=1 -v -run TestSoak ./soak -soak.duration=$(SOAKTIME) -timeout 0

.PHONY: test-bench
test-bench: ## Check the number of allocations and connections against their limits
	cd internal/bench && $(GO) test -count=1 ./...

.PHONY: bench
bench: ## Compare with other clients; write internal/bench/RESULTS.md (six minutes on a quiet machine)
	cd internal/bench && $(GO) run .

# The targets below need more than Go. Node tools are pinned by lockfiles, each
# in the folder of test/ that uses it.

test/%/node_modules/.package-lock.json: test/%/package-lock.json
	npm ci --prefix test/$*

.PHONY: check-contract
check-contract: test/lint/node_modules/.package-lock.json ## Lint openapi.yaml (needs Node)
	npm run --silent --prefix test/lint spectral -- ../../openapi.yaml
	npm run --silent --prefix test/lint redocly -- ../../openapi.yaml

.PHONY: breaking
breaking: ## Fail if something that BASE=<ref> promised breaks and info.version does not allow it
	@test/gates/compare contract $(BASE)
	@test/gates/compare go $(BASE)

.PHONY: contract-changelog
contract-changelog: ## Print what changed in openapi.yaml since BASE=<ref>
	@test/gates/compare changelog $(BASE)

.PHONY: test-gates
test-gates: test/lint/node_modules/.package-lock.json ## Break the contract on purpose and check which gate stops it (needs Node; takes minutes)
	$(GO) test -count=1 -timeout 20m -v -tags gates ./test/gates

.PHONY: test-peers
test-peers: test/peers/node_modules/.package-lock.json ## Run the client against Prism and oidc-provider, swagger-client and an MCP server against the sandbox (needs Node)
	$(GO) test -count=1 -tags peers ./test/peers

.PHONY: test-readme
test-readme: ## Follow README and docs/ on a fresh clone (needs Node, jq, curl and the network)
	$(GO) test -count=1 -v -tags readme ./test/readme

.PHONY: test-recipes
test-recipes: test/recipes/node_modules/.package-lock.json ## Load a listing into DuckDB as docs/recipes.md describes (needs Node)
	$(GO) test -count=1 -tags recipes ./test/recipes

.PHONY: test-languages
test-languages: test/clients/node_modules/.package-lock.json ## Run clients in other languages (needs Node, JDK 17, JUnit 5, Mono, Python with httpx, Ruby with typhoeus)
	$(GO) test -count=1 -tags languages ./test/clients

.PHONY: test-browser
test-browser: test/browser/node_modules/.package-lock.json ## Use the documentation page in headless Chromium (needs Node and Chromium)
	$(GO) test -count=1 -tags browser ./test/browser

.PHONY: test-packages
test-packages: ## Build a release, install its deb, run its image (needs root on Debian; builds GoReleaser first: ten minutes)
	GORELEASER="$(GORELEASER)" $(GO) test -count=1 -v -timeout 30m -tags packages ./test/packages
