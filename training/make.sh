#!/bin/sh
# From data to the GGUF pair: make.sh BIQ2021 CODEC_CORPUS NETWORKS WORK [START.pt]
#
# NETWORKS holds mobilenet_edgetpu_224_1.0_uint8.tflite and nsfwjs' mobilenet_v2_mid as mobilenet_v2_mid.json and .bin (README.md
# says where from). What WORK already holds is not made again, so the same call goes on after a stop. Without START.pt,
# training starts from the shipped pair. A GPU is used where PyTorch finds one; PYTHON and TENSORFLOW name interpreters.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
biq=$1 corpus=$2 networks=$3 work=$4 start=${5:-$4/start.pt}
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
stage "$work/data/coded.json" "$python" "$here/unpack.py" "$work/packed" "$work/data"
stage "$work/edgetpu.npz" "${TENSORFLOW:-$python}" "$here/teacher_files.py" "$networks/mobilenet_edgetpu_224_1.0_uint8.tflite" "$work/edgetpu.npz"
stage "$work/mobilenet_v2.npz" "$python" "$here/teacher_files.py" "$networks/mobilenet_v2_mid.json" "$work/mobilenet_v2.npz"
for judge in edgetpu mobilenet_v2; do
    stage "$work/$judge.pt" "$python" "$here/judges.py" "$work/data" "$work/$judge.npz" "$work/$judge.pt"
done
stage "$start" "$python" "$here/restore.py" "$here/../models/tonescore-2.gguf" "$here/../models/mmproj-tonescore-2.gguf" "$start"
stage "$work/run/done" "$python" "$here/train.py" "$work/data" "$work/run" "$start" whole "$work/edgetpu.npz=$work/edgetpu.pt" "$work/mobilenet_v2.npz=$work/mobilenet_v2.pt"
touch "$work/run/done"
stage "$work/final.pt" "$python" "$here/calibrate.py" "$work/run/last.pt" "$work/data" "$work/final.pt"
mkdir -p "$work/models"
stage "$work/models/catalogue.json" "$python" "$here/export.py" "$work/final.pt" "$work/models"
