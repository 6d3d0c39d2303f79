#!/bin/sh
# Compares a GPU with the CPU of the same machine, for the bundled model and two of real shape with random weights:
#
#     bench/gpu.sh [cuda | vulkan | metal] [SECONDS]      cuda by default, and as long as it takes
#
# With SECONDS, what matters most is done first, and what would begin later is left out.
#
# Needs what README.md says of GPUs, with CUDA a driver of CUDA 13.1 (590 or newer) where the GPU's compute capability is
# none of 8.6, 8.9, 12.0 and 12.1; and for the shapes Python with numpy and gguf. The GPU must have nothing else to do:
# times taken beside another job say nothing. The bundled model's encoder has a graph of its own on the CPU only. Where the
# GPU cannot be used, tonescore's error says what is lacking.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
gpu=${1:-cuda}
seconds=${2:-}
began=$(date +%s)
cd "$root"
mkdir -p build/bench

make_shape() {
    [ -f "build/bench/$1.gguf" ] || "${PYTHON:-python3}" test/fixtures/models/make.py --shape "$@" build/bench
}

measure() {
    left=Infinity
    [ -z "$seconds" ] || left=$((seconds - $(date +%s) + began))
    npx tsx bench/gpu.ts --gpu "$gpu" --seconds "$left" "$@" || failed=1
}

failed=0
npm run --silent build:ts
date -u
if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total,utilization.gpu --format=csv || true
fi
node dist/cli/main.js doctor || true
measure
make_shape smolvlm-256m
measure --model smolvlm-256m
make_shape qwen2-vl-2b --type q8_0
measure --model 2b
exit $failed
