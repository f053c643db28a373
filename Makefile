# Rinnova. `make demo` tries it, `make test` checks it; CONTRIBUTING.md tells the rest.

export RINNOVA_ADDR ?= 127.0.0.1:8080
export RINNOVA_DATA ?= ./data
export CGO_ENABLED ?= 0

GO        ?= go
TEMPL      = $(GO) tool -modfile=tools/go.mod templ
SQLC       = $(GO) run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
STATICCHECK = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
POSTGRES   = RINNOVA_TEST_POSTGRES=$$(scripts/postgres.sh start)

.PHONY: build assets demo demo-reset tour test check lint verify generate bench clean

build: assets ## the program, in bin/rinnova
	$(GO) build -trimpath -o bin/rinnova ./cmd/rinnova

assets: ## style, scripts, icons and fonts, from npm and Go modules
	@scripts/require.sh
	@scripts/assets.sh
	@scripts/pdf-assets.sh

demo: build ## a demonstration on http://$(RINNOVA_ADDR), going on with its data
	@bin/rinnova demo

demo-reset: build ## the same, starting over
	@bin/rinnova demo --reset

tour: build ## three schools renew over HTTP against a fresh demonstration; papers and mails go to ./tour
	@scripts/tour.sh

check: assets ## the quick tests: SQLite only, no browser, no race detector
	$(GO) vet ./...
	$(GO) test -short ./...

# Pages in a browser take four times as long under the race detector, which finds nothing more there, and the program that ./e2e/crash
# kills is another process: of ./e2e it watches the stories, and what several people or processes do at once.
RACES = AtOnce|Against|Twice|Process|MainJob$$|TestServices$$|TestReminders|WholeYear|MailServer|Merged

# What reads files, draws papers or compares SQL with Go does so in one goroutine, and takes up to ten times as long under it.
ALONE = internal/(sheet|pdf|sign|contract/contractpdf|renewal/renewaldb|school/schooldb)

test: assets ## everything: both databases, browser, race detector, linters
	@scripts/tools.sh
	@$(MAKE) --no-print-directory verify lint
	CGO_ENABLED=1 $(POSTGRES) $(GO) test -race -timeout 20m $$($(GO) list ./... | grep -vE '/e2e|$(ALONE)')
	$(POSTGRES) $(GO) test -timeout 20m ./e2e/... $$($(GO) list ./... | grep -E '$(ALONE)')
	CGO_ENABLED=1 $(POSTGRES) $(GO) test -race -timeout 20m -run '$(RACES)' ./e2e

verify: ## generated code is up to date
	@scripts/verify.sh

lint: ## formatting, go vet, staticcheck, shellcheck
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet ./...
	$(STATICCHECK) ./...
	shellcheck scripts/*.sh .ci/run

generate: ## pages from .templ files, queries from .sql files (the second builds sqlc: minutes, once)
	$(TEMPL) generate
	$(SQLC) generate
	scripts/sqlsums.sh >internal/db/sources.sum

bench: assets ## benchmarks; docs/benchmarks.md says what they measured
	$(POSTGRES) $(GO) test -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin build tour internal/web/assets/dist/[!.]* internal/pdf/assets/dist/[!.]*
