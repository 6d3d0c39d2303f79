#!/bin/sh
# Compares a GPU with the CPU of the same machine, for the bundled model and two of real shape with random weights:
#
#     bench/gpu.sh [cuda | vulkan | metal]      cuda by default
#
# Needs what README.md says of GPUs, and for the shapes Python with numpy and gguf. The bundled model's encoder has a
# graph of its own on the CPU only. Where the GPU cannot be used, tonescore's error says what is lacking.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
gpu=${1:-cuda}
cd "$root"
mkdir -p build/bench

make_shape() {
    [ -f "build/bench/$1.gguf" ] || "${PYTHON:-python3}" test/fixtures/models/make.py --shape "$@" build/bench
}

npm run --silent build:ts
node dist/cli/main.js doctor || true
npx tsx bench/gpu.ts --gpu "$gpu"
make_shape smolvlm-256m
npx tsx bench/gpu.ts --gpu "$gpu" --model smolvlm-256m
make_shape qwen2-vl-2b --type q8_0
npx tsx bench/gpu.ts --gpu "$gpu" --model 2b
