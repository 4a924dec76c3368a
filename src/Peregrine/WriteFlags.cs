// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>How one message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer for the next one instead of being sent at once.</summary>
    BufferHint = 0x1,

    /// <summary>The message is sent uncompressed even when the call compresses (CRIME and BREACH style attacks).</summary>
    NoCompress = 0x2,
}
