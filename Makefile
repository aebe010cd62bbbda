# The commands of a working copy. `make` alone lists them; the words after ## are that list.

install := localstack/install.sh
say := @printf '==> %s\n'
target := $(or $(CARGO_TARGET_DIR),target)
# Checks that were left out for want of a tool or schema: the tests list them here, and `make test` prints the list at its end.
not_checked := target/checks/not-checked.txt
web_sources = $(shell find web/index.html web/package-lock.json web/public web/scripts web/src web/swagger web/tsconfig.json \
	web/vite.config.ts -type f)
compose = $(shell docker compose version > /dev/null 2>&1 && echo docker compose || echo docker-compose)

.PHONY: help run test test-containers images reproducible journey test-conformance compose lambda-local observe web web-build \
	check-web test-web web-figures web-pictures demo fmt lint openapi render function tables bench resources simulate drill \
	clean-data ministack
.NOTPARALLEL:

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | awk -F '\t' '{ printf "make %-18s%s\n", $$1, $$2 }'

run: web-build ## Run Yemae with stores and demo shows on 127.0.0.1:8080 (or PORT)
	@$(install) cc rust $(if $(YEMAE_REDIS_URL),,redis)
	$(say) 'Building Yemae'
	@cargo build --locked --workspace --bin yemae-local
	@exec $(target)/debug/yemae-local

test: ## Check everything: format, lints, all tests on real stores and in a browser
	@$(install) cc rust node web chromium redis ministack lambda aws nginx tools prometheus
	@rm -f $(not_checked)
	$(say) 'Checking the format'
	@cargo fmt --all --check
	@$(MAKE) --no-print-directory check-web web-build
	@$(MAKE) --no-print-directory lint
	$(say) 'Building all programs'
	@cargo build --workspace --bins --locked
	$(say) 'Running all tests'
	@cargo test --workspace --locked
	@$(MAKE) --no-print-directory test-web
	@localstack/engine.sh $(MAKE) --no-print-directory test-containers
	@sort -u $(not_checked) 2> /dev/null || true

test-containers: web-build ## Build every image and test it, alone and all together
	@$(install) cc rust certificates docker redis nginx ministack aws
	@infra/images/build.sh
	$(say) 'Testing the images'
	@cargo test --workspace --locked --test containers --test compose --test lambda_local

images: web-build ## Build every image, pulling nothing (ARCHIVE=file: save them, too)
	@$(install) cc rust certificates redis nginx
	@localstack/engine.sh infra/images/build.sh

reproducible: ## Compile the commit twice, in two folders, and compare the bytes
	@$(install) cc rust certificates
	@infra/images/reproducible.sh

journey: ## Take a buyer's whole journey through the Yemae at URL (127.0.0.1:8080)
	@cargo build --locked --workspace --bin journey
	@$(target)/debug/journey $(or $(URL),http://127.0.0.1:8080)

test-conformance: ## Test the stores' contract and the journey on the DynamoDB at DYNAMODB_URL (MiniStack)
	@$(install) cc rust redis $(if $(DYNAMODB_URL),,ministack)
	$(say) 'Building all programs'
	@cargo build --workspace --bins --locked
	$(say) 'Testing the contract of the stores and the journey on $(or $(DYNAMODB_URL),MiniStack)'
	@YEMAE_TEST_DYNAMODB_URL='$(DYNAMODB_URL)' \
		cargo test --workspace --locked --test contract --test journey conformance::

compose: ## Run Yemae in containers with LocalStack, on 127.0.0.1:8080 (or PORT)
	@exec $(compose) -f localstack/compose.yaml up

lambda-local: ## Deploy the programs in PROGRAMS as Lambdas into the LocalStack at AWS_ENDPOINT_URL
	@$(install) aws
	@exec target/aws/bin/python localstack/lambda/deploy.py $(PROGRAMS)

observe: ## Watch a running `make run`: Prometheus with the alerts, and Grafana and Loki where they can be pulled
	@$(install) prometheus
	@exec localstack/observe.sh

web: ## Work on the front end: it reloads on 127.0.0.1:5173, before the functions at YEMAE_URL
	@$(install) cc rust node web redis
	@cargo build --locked --workspace --bin yemae-local
	@cd web && exec node scripts/dev.mjs

web-build: web/dist/index.html ## Build the front end into web/dist, if it changed

web/dist/index.html: $(web_sources)
	@$(install) node web
	$(say) 'Building the front end'
	@cd web && npm run --silent build

check-web: ## Check the front end: style, types, unit tests
	@$(install) node web
	$(say) 'Checking the front end'
	@cd web && npm run --silent check && npm run --silent test

test-web: web-build ## Test the front end in Chromium, with all of Yemae behind it
	@$(install) cc rust node web chromium redis
	@cargo build --locked --workspace --bin yemae-local
	$(say) 'Testing in a browser'
	@cd web && npm run --silent test:browser

web-figures: web-build ## Measure the seat map in Chromium
	@$(install) cc rust node web chromium redis
	@cargo build --locked --workspace --bin yemae-local
	@cd web && npm run --silent figures

web-pictures: web-build ## Renew docs/pictures
	@$(install) cc rust node web chromium redis
	@cargo build --locked --workspace --bin yemae-local --bin yemae-demo
	@cd web && npm run --silent pictures

demo: web-build ## Film a whole sale, with Redis killed in the middle: renews docs/demo, and films below target/demo
	@$(install) cc rust node web chromium redis ffmpeg
	@cargo build --locked --workspace --bin yemae-local
	$(say) 'Filming a sale in Korean and in English: some ten minutes'
	@cd web && npm run --silent demo

fmt: ## Format the code
	@$(install) rust node web
	@cargo fmt --all
	@cd web && npm run --silent fix

lint: ## Check the code with clippy, warnings denied
	@$(install) cc rust
	$(say) 'Checking with clippy'
	@cargo clippy --workspace --all-targets --locked -- -D warnings

openapi: ## Renew functions/all/openapi.json from the code, and the front end's types from that
	@$(install) node web
	@cargo build --locked --workspace --bin openapi
	@$(target)/debug/openapi > functions/all/openapi.json
	@cd web && npm run --silent api

render: ## Renew what is rendered from the register: manifests, Compose and bake files, what fronts and Terraform read
	@cargo build --locked --workspace --bin render
	@$(target)/debug/render > /dev/null

function: ## Make a new function, registered and rendered: make function NAME=waitlist
	@$(install) cc rust
	@cargo build --locked --workspace --bin render
	@$(target)/debug/render --new '$(NAME)'
	$(say) 'Building it with the others'
	@{ cargo build --offline --workspace --bin render && $(target)/debug/render > /dev/null && \
		$(MAKE) --no-print-directory openapi; } || { printf '%s\n' $(undo_function) >&2; exit 1; }

undo_function = \
	'The new function is there, but a step after it failed. To undo it:' \
	'rm -rf functions/$(NAME) knative/base/$(NAME).yaml infra/kubernetes/functions/$(NAME)' \
	'delete its lines in functions/all/Cargo.toml, functions/all/src/lib.rs and shared/src/routes.rs' \
	'cargo update --workspace --offline && make render openapi'

tables: ## Renew infra/tables.json from the code
	@cargo build --locked --workspace --bin yemae
	@$(target)/debug/yemae tables --print > infra/tables.json

bench: web-build ## Measure a release build: holds, streams, a crowd, starts
	@$(install) cc rust certificates redis
	$(say) 'Building the programs of the images'
	@infra/images/binaries.sh $(target)/bench bench-constant bench bench-houses resources
	@$(target)/bench/bench-houses
	@ulimit -S -n 10000; exec $(target)/bench/bench $(target)/bench # Thousands listen at once.

resources: web-build ## Measure what each step of a booking costs, and what each function takes (PROGRAMS: the folder of programs)
	@$(install) cc rust certificates redis
	$(if $(PROGRAMS),,$(say) 'Building the programs of the images')
	@$(if $(PROGRAMS),,infra/images/binaries.sh $(target)/bench bench-constant bench resources)
	@exec $(or $(PROGRAMS),$(target)/bench)/resources $(or $(PROGRAMS),$(target)/bench)

simulate: ## Drive the waiting room's protocol through ten million random events (ARGS: what to tell it)
	@$(install) cc rust
	@cargo build --locked --package simulator --bin simulate
	@exec $(target)/debug/simulate $(ARGS)

drill: ## Break one part after another of a Yemae under a sale (ARGS: faults, --list, --report FILE)
	@$(install) cc rust redis prometheus
	$(say) 'Building all programs'
	@cargo build --workspace --bins --locked
	@exec $(target)/debug/drill $(ARGS)

clean-data: ## Delete the data of `make run`
	@if kill -0 "$$(cat .data/lock 2> /dev/null)" 2> /dev/null; then \
		echo "Yemae runs on this data as process $$(cat .data/lock): stop it first" >&2; exit 1; fi
	@rm -rf .data

ministack: ## Install MiniStack, the tests' second DynamoDB, below target/
	@$(install) ministack
