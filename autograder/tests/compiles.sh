#!/bin/bash
# compiles.sh LAB - the lab's solution and its skeleton compile without a
# warning, with the flags that a submission is compiled with.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit

lab=$1
files=0
status=0
for file in "solutions/$lab"/*.c "skeletons/$lab"/*.c; do
	[[ -e $file ]] || continue
	files=$((files + 1))
	gcc -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -Werror -g -O1 -I "labs/$lab" \
		-c -o /dev/null "$file" || status=1
done
if ((files == 0)); then
	echo "$lab has neither solution nor skeleton"
	status=1
fi
exit "$status"
