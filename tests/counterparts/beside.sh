#!/bin/sh
# Runs a server for as long as somebody holds this script's standard input open: a test that is killed leaves nothing behind.
# The caller gives the script a process group of its own, which ends as one, with whatever the server started.
exec 3<&0
{ cat <&3 >/dev/null; kill -KILL 0; } &
exec "$@" 3<&-
