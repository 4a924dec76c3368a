// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The field codec of wrapper messages as bare values, which merge as the messages do.</summary>
internal sealed class WrapperFieldCodec<T, TCodec>(uint tag) : ValueFieldCodec<T?, TCodec>(tag, default)
    where TCodec : struct, IWrapperCodec<T?>
{
    internal override T? Read(ref WireReader reader, T? current) => TCodec.Read(ref reader, current);

    internal override T? Merge(T? current, T? other) => TCodec.Merge(current, other);

    internal override T? AbsentValue() => TCodec.Default;
}
