#!/bin/sh
# Installs llama.cpp's prebuilt libraries (release 0.5.0) into a folder and prints where they lie.
set -eu
folder=${1:?usage: fetch.sh FOLDER}
mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || npm init -y >&2
npm install --ignore-scripts node-llama-cpp@3.22.1 >&2
echo "$PWD/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64"
