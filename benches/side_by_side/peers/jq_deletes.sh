#!/bin/sh
# Counts distinct DeleteObject events with zcat and jq, two pipelines at a time.
# usage: jq_deletes.sh LOGS
set -eu
# A file for each pipeline: in a shared pipe their lines would tear each other.
found=$(mktemp -d)
trap 'rm -r "$found"' EXIT
export found
find "$1" -name '*.json.gz' -print0 |
    xargs -0 -n 64 -P 2 sh -c '
        zcat "$@" |
            jq -r ".Records[] | select(.eventName == \"DeleteObject\") | .eventID" >"$found/$$"' sh
sort -u "$found"/* | wc -l
