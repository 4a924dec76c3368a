// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf;

/// <summary>Makes byte strings without copying. Unsafe in that nothing stops the owner of the memory from changing it.</summary>
public static class UnsafeByteOperations
{
    /// <summary>A byte string over <paramref name="bytes"/> themselves, which must not change as long as it is used.</summary>
    public static ByteString UnsafeWrap(ReadOnlyMemory<byte> bytes) => ByteString.AttachBytes(bytes);
}
