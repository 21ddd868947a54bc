#!/bin/sh
# Builds the oracle of this folder:  ./build.sh DESTINATION
# Needs npm, git, gcc, g++, cmake. Takes some minutes: ggml's CPU backend is compiled twice.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
cd "$work"
npm init -y >/dev/null
npm install --ignore-scripts node-llama-cpp@3.22.1 >/dev/null
bins=$work/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64
git clone -q node_modules/node-llama-cpp/llama/gitRelease.bundle src
cp "$bins"/libllama.v0.5.0.so "$bins"/libggml.v0.5.0.so "$bins"/libggml-base.so "$out"
ln -sf libggml-base.so "$out"/libggml-base.so.0
gcc -O2 -Wall -Isrc/include -Isrc/ggml/include "$here"/logits.c -o "$out"/logits -L"$out" \
    -l:libllama.v0.5.0.so -l:libggml.v0.5.0.so -l:libggml-base.so

# The published backend looks GELU up in a table of half-precision values. Compute it in fp32 instead,
# once by tanh as llama.cpp defines it and once by the error function, which Hugging Face uses for Falcon.
vec=src/ggml/src/ggml-cpu/vec.h
sed -i 's|^#define GGML_GELU_FP16|// &|' $vec
backend() {
    cmake --build build --target ggml-cpu -j2 >/dev/null
    cp build/bin/libggml-cpu.so "$out"/libggml-cpu-$1.so
}
cmake -S src -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DGGML_BACKEND_DL=ON -DGGML_NATIVE=OFF \
    -DGGML_SSE42=ON -DGGML_AVX=OFF -DGGML_AVX2=OFF -DGGML_FMA=OFF -DGGML_F16C=OFF -DGGML_BMI2=OFF \
    -DGGML_OPENMP=OFF -DGGML_LLAMAFILE=OFF -DGGML_CPU_REPACK=OFF -DLLAMA_CURL=OFF -DLLAMA_BUILD_COMMON=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF >/dev/null
backend tanh
sed -i 's|return 0.5f\*x\*(1.0f + tanhf(SQRT_2_OVER_PI\*x\*(1.0f + GELU_COEF_A\*x\*x)));|return 0.5f*x*(1.0f + erff(x*SQRT_2_INV));|' $vec
backend erf
echo "llama.cpp v0.5.0 (node-llama-cpp 3.22.1)" > "$out"/version
rm -rf "$work"
