#!/usr/bin/env bash
# usage: [TEST_FILTER=EXPRESSION] [TEST_PATIENCE=10m] test.sh CONFIGURATION [NAME...]
# Runs the test projects tests/NAME.Tests, by default all of them, one after the other: they share the machine's cores.
# A test that has not ended after TEST_PATIENCE counts as hanging and ends the run of its project.
# The last line is "N passed, N failed[, N skipped]"; the exit code is 0 only if every project ran and nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."

configuration=$1
shift
names=("$@")
[ ${#names[@]} -gt 0 ] || for project in tests/*.Tests; do names+=("$(basename "$project" .Tests)"); done

results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# The value of one counter in a TRX file, e.g. "counter passed FILE".
counter() { sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

# The lines "figure: ..." that tests of a TRX file wrote.
figures() { grep -o 'figure: [^<]*' "$1" | sed -e 's/&gt;/>/g' -e 's/&lt;/</g' -e 's/&quot;/"/g' -e 's/&amp;/\&/g'; }

# What failed in a TRX file: each test's name and the beginning of its message.
failures() {
  awk '
    function text(s) {
      gsub(/&#xD;|\r/, "", s); gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&amp;/, "\\&", s)
      return s
    }
    /<UnitTestResult .*outcome="Failed"/ { match($0, /testName="[^"]*"/); print "FAILED " text(substr($0, RSTART + 10, RLENGTH - 11)) }
    /<Message>/ { message = 1; lines = 0; sub(/.*<Message>/, "") }
    message { ends = /<\/Message>/; sub(/<\/Message>.*/, ""); if (lines++ < 12) print "  " text($0); if (ends) message = 0 }
  ' "$1"
}

passed=0 failed=0 skipped=0 failed_in=()
for name in "${names[@]}"; do
  printf '== %s\n' "$name"
  dotnet test "tests/$name.Tests" -c "$configuration" --no-build --nologo --verbosity quiet \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=normal" \
    ${TEST_FILTER:+--filter "$TEST_FILTER"} --results-directory "$results" --blame-hang --blame-hang-timeout "${TEST_PATIENCE:-10m}" --blame-hang-dump-type none
  status=$?
  trx=$results/$name.trx
  if [ ! -s "$trx" ] || [ -z "$(counter total "$trx")" ]; then
    echo "== $name left no results"
    failed=$((failed + 1))
    continue
  fi
  figures "$trx"
  bad=$(($(counter failed "$trx") + $(counter error "$trx") + $(counter timeout "$trx") + $(counter aborted "$trx")))
  if [ $status -ne 0 ] && [ $bad -eq 0 ]; then
    echo "== $name ended with exit code $status"
    bad=1
  fi
  [ $bad -eq 0 ] || failed_in+=("$trx")
  passed=$((passed + $(counter passed "$trx")))
  failed=$((failed + bad))
  skipped=$((skipped + $(counter total "$trx") - $(counter executed "$trx")))
done

[ ${#failed_in[@]} -eq 0 ] || for trx in "${failed_in[@]}"; do failures "$trx"; done
summary="$passed passed, $failed failed"
[ $skipped -eq 0 ] || summary+=", $skipped skipped"
echo "$summary"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
