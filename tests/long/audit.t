#!/bin/sh
# What an attacker who sees every noisy sum of private training can prove of its epsilon: the
# canaries of tests/unit/ns-train/test_audit.c, by many keys.  Prints what was proved of what
# is claimed.
build=${NS_BUILD:-}
. "$(dirname "$0")/../cli/lib.sh"
case $build in
/*) ;;
'') build=$(dirname "$NS_BIN") ;;
*) build=$top/$build ;;
esac

# AUDITS: how many keys; fewer where time is short.
ok "${AUDITS:-20} audits of each kind" "$build/test/ns-train/test_audit" "${AUDITS:-20}"
sed -n 's/^\(doppelganger\|autoregressive\)/# &/p' ok.out ok.err
done_testing
