#!/usr/bin/env bash
# usage: build-kubernetes.sh PROGRAM...        (kube-apiserver, kube-controller-manager, kubelet)
# Makes sure that each program is in $KUBEBUILDER_ASSETS, in $PATH or in the cache; those that are nowhere are built
# once, from the source that Debian ships. That takes some minutes, and one gigabyte of disk until it is done.
set -euo pipefail

eng=$(cd "$(dirname "$0")" && pwd)
home=${XDG_CACHE_HOME:-$HOME/.cache}/sluice/kubernetes
mkdir -p "$home/bin"

missing=()
for program in "$@"; do
  [ -x "${KUBEBUILDER_ASSETS:-/nonexistent}/$program" ] || command -v "$program" >/dev/null || [ -x "$home/bin/$program" ] ||
    missing+=("$program")
done
[ ${#missing[@]} -gt 0 ] || exit 0

exec 9>"$home/lock"
flock 9

started=$SECONDS
work=$home/build
rm -rf "$work"
mkdir -p "$work/apt/sources" "$work/apt/lists/partial" "$work/bin"
say() { printf 'setup: %s\n' "$*"; }

# Shows how far a compiler that prints one line per package has come.
progress() {
  if [ -t 1 ]; then
    awk '{ printf "\r       %d packages", ++n; fflush() } END { print "" }'
  else
    awk '++n % 200 == 0 { printf "       %d packages\n", n; fflush() }'
  fi
}

say "building ${missing[*]} from Debian's source, once; this takes a few minutes"
"$eng/install-packages.sh" dpkg-dev golang-1.19-go golang-github-modern-go-reflect2-dev

# Source entries for the distribution that this machine already uses, in a place of their own.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ ! -e "$file" ] || sed -n "/ $codename/s/^deb /deb-src /p" "$file" >>"$work/apt/sources/source.list"
done
for file in /etc/apt/sources.list.d/*.sources; do
  [ ! -e "$file" ] || ! grep -q "^Suites:.*$codename" "$file" ||
    sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/apt/sources/${file##*/}"
done
apt=(apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/apt/sources"
  -o Dir::State::Lists="$work/apt/lists" -o APT::Sandbox::User=root)
say "fetching the source"
"${apt[@]}" update
(cd "$work" && "${apt[@]}" source --download-only kubernetes)

source=$work/go/src/k8s.io/kubernetes
mkdir -p "${source%/*}"
dpkg-source -x --no-check "$work"/kubernetes_*.dsc "$source" >/dev/null
cd "$source"

# Go 1.18 changed two things that this release of Kubernetes relies on. The vendored reflect2 reads the runtime's map
# layout and faults on the first custom resource: take the release that Debian ships, which does not.
rm -rf vendor/github.com/modern-go/reflect2
cp -r /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/
# reflect.DeepEqual of two reflect.Values began to compare what they hold, so that validation takes an explicit "" or 0
# for null and refuses it: only nil means null.
validate=vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go
sed -i 's/if data == nil || reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data)) {/if data == nil {/' "$validate"
grep -q 'if data == nil {' "$validate" || { echo "setup: $validate is not as expected" >&2; exit 1; }

# A lab's kubelets share one file system, and each would take the others' logs for garbage.
manager=pkg/kubelet/kuberuntime/kuberuntime_manager.go
constant='podLogsRootDirectory = "/var/log/pods"'
grep -qF "$constant" "$manager" || { echo "setup: $manager is not as expected" >&2; exit 1; }
sed -i "\\|$constant|d" "$manager"
cat >"${manager%/*}/pod_logs.go" <<'GO'
package kuberuntime

import "os"

var podLogsRootDirectory = podLogs()

func podLogs() string {
	if directory, ok := os.LookupEnv("KUBELET_POD_LOGS"); ok {
		return directory
	}
	return "/var/log/pods"
}
GO

export PATH=/usr/lib/go-1.19/bin:$PATH GO111MODULE=off GOPATH=$work/go GOCACHE=${GOCACHE:-$work/cache} CGO_ENABLED=0

# All generated sources are in the archive but the OpenAPI definitions of the built-in kinds.
say "generating the OpenAPI definitions"
go build -o "$work/bin/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
inputs=$(grep -Rl --include='*.go' '+k8s:openapi-gen=' cmd pkg plugin vendor/k8s.io |
  grep -v -e k8s.io/code-generator/ -e k8s.io/sample-apiserver/ |
  xargs -n1 dirname | LC_ALL=C sort -u | sed 's,^,k8s.io/kubernetes/,' | paste -sd,)
"$work/bin/openapi-gen" --logtostderr -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
  -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations" >"$work/openapi.log" 2>&1 ||
  { tail -n 20 "$work/openapi.log" >&2; exit 1; }

# "1.20.5+really1.20.2-1" is Debian's way to write 1.20.2.
version=$(dpkg-parsechangelog -S Version | sed 's/.*really//; s/-.*//')
stamp=()
for package in component-base/version client-go/pkg/version; do
  prefix=k8s.io/kubernetes/vendor/k8s.io/$package
  stamp+=("-X $prefix.gitVersion=v$version" "-X $prefix.gitMajor=${version%%.*}" "-X $prefix.gitMinor=$(cut -d. -f2 <<<"$version")")
done
say "compiling ${missing[*]} $version"
go build -v -tags 'providerless dockerless' -gcflags=all=-dwarf=false -ldflags "-s -w ${stamp[*]}" \
  -o "$work/bin/" "${missing[@]/#/./cmd/}" 2>&1 | progress

for program in "${missing[@]}"; do
  "$work/bin/$program" --version >/dev/null
  mv "$work/bin/$program" "$home/bin/$program"
done
chmod -R u+w "$work" && rm -rf "$work"
say "built ${missing[*]} in $((SECONDS - started)) s; they are in $home/bin"
