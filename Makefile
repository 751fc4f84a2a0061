# The targets that people type; everything they run lives in .run (see README.md).
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help up down destroy sim test test-all bench lint build packages

RUN := $(CURDIR)/.run
BOX := packaging/box
HOSTS ?=
PORT ?=
STORE ?=
# One compiler for all projects of a run, ended with it.
export UseSharedCompilation := true
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

help: ## shows the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: build ## brings up a cloud in a box (HOSTS=n, PORT=n, STORE=s3), or what of it is missing
	@HOSTS=$(HOSTS) PORT=$(PORT) STORE=$(STORE) $(BOX)/up $(RUN)

down: ## stops the box and keeps its data
	@$(BOX)/down $(RUN)

destroy: ## stops the box and removes its data, after asking (YES=1 does not ask)
	@$(BOX)/destroy $(RUN) $(if $(YES),--yes)

sim: build packages ## starts a cloud of simulated hosts (HOSTS=n) until interrupted
	@HOSTS=$(or $(HOSTS),10) PORT=$(or $(PORT),8080) packaging/sim/up $(RUN)

build: ## publishes server, agent, simulator and strat into .run/bin, where something changed
	@packaging/build/publish $(RUN)

packages:
	@packaging/packages/install server

test: ## everything on the simulator plus one real box, in 15 minutes on 2 cores
	@packaging/build/test

test-all: ## adds the long real stories
	@packaging/build/test all

bench: ## measures the cloud on this machine, in ratios to its goals (JSON=1 prints JSON)
	@packaging/build/bench $(if $(JSON),--json)

lint: ## format, analyzers, shell scripts
	@packaging/build/lint
