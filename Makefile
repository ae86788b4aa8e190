CONFIGURATION ?= Release
dotnet_build = dotnet build -c $(CONFIGURATION) -v quiet -clp:ErrorsOnly -nologo
pure_tests = Architecture Plan Api

.DEFAULT_GOAL := help
.PHONY: help setup setup-kubelet build demo test check soak soak-stories bench fmt generate check-generated clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: Debian packages, kube-apiserver
	@eng/setup.sh

setup-kubelet: setup ## Install what "lab up --runtime containerd" needs: containerd, a kubelet
	@eng/install-packages.sh containerd runc busybox-static
	@eng/build-kubernetes.sh kubelet

build: ## Compile everything
	@$(dotnet_build) Sluice.slnx

demo: setup ## The walkthrough on real packets: EIP, FIP, SNAT and DNAT in a lab that comes and goes (KEEP=1 keeps it)
	@$(dotnet_build) lab/Sluice.Lab
	@lab/lab demo $(if $(KEEP),--keep)

test: setup build ## Every test; the last line counts them
	@eng/test.sh $(CONFIGURATION)

check: ## Format, build and the tests that need no other process: under a minute
	@dotnet format Sluice.slnx --verify-no-changes --severity error --verbosity quiet
	@$(dotnet_build) Sluice.slnx
	@TEST_FILTER='Needs!=ApiServer' eng/test.sh $(CONFIGURATION) $(pure_tests)

soak: setup build ## Users, kills, pauses and moved gateways in a lab, for MINUTES (30) from SEED (1), and what was lost
	@lab/lab soak --minutes $(or $(MINUTES),30) --seed $(or $(SEED),1)

soak-stories: setup build ## Every crash point of the controller, and STORIES (1000) random stories of each kind from STORY (1), BUSY=1: beside busy loops
	@SLUICE_CRASH_POINTS=all SLUICE_STORIES=$(or $(STORIES),1000) SLUICE_STORY=$(or $(STORY),1) SLUICE_BUSY=$(if $(BUSY),$$(nproc)) TEST_PATIENCE=24h \
	  TEST_FILTER='FullyQualifiedName~CrashPointScenarios|FullyQualifiedName~StoryScenarios' eng/test.sh $(CONFIGURATION) Controller

bench: setup ## Benchmarks, each as a ratio to a floor measured in the same run (BENCH="P6 --largest=1000" runs a part)
	@$(dotnet_build) bench/Sluice.Bench
	@dotnet publish -c $(CONFIGURATION) -v quiet -clp:ErrorsOnly -nologo src/Cni
	@dotnet publish -c $(CONFIGURATION) -v quiet -clp:ErrorsOnly -nologo -r linux-x64 src/Controller
	@dotnet run -c $(CONFIGURATION) --no-build --project bench/Sluice.Bench -- $(BENCH)

fmt: ## Format the source
	@dotnet format Sluice.slnx --severity error --verbosity quiet

generate: ## Write the generated files anew: OVN table models, CRDs
	@dotnet run -c $(CONFIGURATION) --project tools/ModelGen
	@dotnet run -c $(CONFIGURATION) --project tools/CrdGen

check-generated: generate ## Fail when the generated files are not up to date
	@git diff --exit-code --stat -- 'src/*.g.cs' deploy/crds
	@test -z "$$(git ls-files --others --exclude-standard -- 'src/*.g.cs' deploy/crds)"

clean: ## Remove everything that was built
	@rm -rf artifacts
