// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Frames;

/// <summary>Where <see cref="ReceiveBuffer"/> copies the small pieces of one stream together, one behind the other.</summary>
internal struct CompactBlock
{
    public ReceiveBlock? Block;

    public int Used;
}
