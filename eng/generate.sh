#!/usr/bin/env bash
# Regenerates the checked-in C# of the standard .proto files with this repository's own compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(cd proto && find google/protobuf google/rpc google/type -maxdepth 1 -name '*.proto' | sort)
./peregrine compile -I proto --csharp_out=src/Peregrine.Protobuf/Generated --csharp_opt=file_extension=.pb.cs,services=none "${files[@]}"
mapfile -t services < <(cd proto && find grpc -name '*.proto' | sort)
./peregrine compile -I proto --csharp_out=src/Peregrine.Services/Generated --csharp_opt=file_extension=.pb.cs,base_namespace=Grpc "${services[@]}"
