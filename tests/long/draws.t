#!/bin/sh
# Many series of a model with masks of every kind: none breaks a mask, no five-tuple
# is there twice, and labels and lengths occur as often as they should.
build=${NS_BUILD:-}
. "$(dirname "$0")/../cli/lib.sh"
case $build in
/*) ;;
'') build=$(dirname "$NS_BIN") ;;
*) build=$top/$build ;;
esac

# DRAWS: how many; fewer where time is short.
ok "${DRAWS:-10000000} series" "$build/test/ns-sample/test_sampler" "${DRAWS:-10000000}"
done_testing
