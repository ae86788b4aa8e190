#!/usr/bin/env bash
# Installs what the build, the lab and the tests need on Debian 12. Safe to repeat, and quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  openvswitch-switch ovn-central ovn-host   # the data plane
  etcd-server                               # the API server's store
  time                                      # memory of processes, for benchmarks
  python3-ovsdbapp                          # Neutron's client, for benchmarks to compare with
  iproute2 iptables ethtool procps          # namespaces, links, offload settings, sysctl
  nftables                                  # how pods leave by their node
  bird2                                     # the BFD speaker of gateway nodes
  iputils-ping iputils-arping tcpdump socat iperf3 # what the walkthrough and the tests send and watch
)
command -v kubectl >/dev/null || packages+=(kubernetes-client)

fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: https://dot.net"
[ "$(id -u)" = 0 ] || fail "network namespaces and Open vSwitch need root: run it as root"

eng/install-packages.sh "${packages[@]}"
eng/build-kubernetes.sh kube-apiserver kube-controller-manager
