#!/bin/sh
# From data to the GGUF pair: make.sh BIQ2021 CODEC_CORPUS WORK
#
# What WORK already holds is not made again, so the same call goes on after a stop. It starts from start/tonescore-2.pt and
# needs no GPU; README.md says how the whole network is trained on one. PYTHON names an interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
biq=$1 corpus=$2 work=$3
start=$here/start/tonescore-2.pt
python=${PYTHON:-python3}
mkdir -p "$work"

# stage FILE COMMAND...: unless FILE is there
stage() {
    made=$1 began=$(date +%s)
    shift
    if [ -e "$made" ]; then return; fi
    echo "$*"
    "$@"
    echo "$made: $(($(date +%s) - began)) s"
}

stage "$work/renders/123_00128spp.png" "$python" "$here/renders.py" "$work/renders" 100 24
stage "$work/packed/renders-00.zip" "$python" "$here/prepare.py" "$biq" "$corpus" "$work/renders" "$work/packed"
stage "$work/data/coded.json" "$python" "$here/unpack.py" "$work/packed" "$work/data" 600
stage "$work/maps/damaged.json" "$python" "$here/maps.py" "$work/data" "$start" "$work/maps"
stage "$work/run/step-600.pt" "$python" "$here/late.py" "$work/data" "$work/maps" "$work/run" "$start"
stage "$work/blend.pt" "$python" "$here/blend.py" "$start" "$work/run/step-300.pt" 0.85 "$work/blend.pt" # chosen on validation
stage "$work/final.pt" "$python" "$here/calibrate.py" "$work/blend.pt" "$work/data" "$work/final.pt"
mkdir -p "$work/models"
stage "$work/models/tonescore-3.gguf" "$python" "$here/export.py" "$work/final.pt" "$work/models"
