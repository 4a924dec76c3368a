// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Transport;

/// <summary>What <see cref="TransportStream.TryReadMessage"/> found.</summary>
internal enum MessageReadResult
{
    /// <summary>A whole message.</summary>
    Message,

    /// <summary>No whole message is there yet.</summary>
    NeedMore,

    /// <summary>The peer ended its direction, and every message was read.</summary>
    EndOfStream,

    /// <summary>The peer ended its direction in the middle of a message.</summary>
    Truncated,

    /// <summary>The announced length exceeds the limit; nothing was allocated for it.</summary>
    TooLarge,

    /// <summary>The first octet of the prefix is neither 0 nor 1.</summary>
    BadPrefix,

    /// <summary>The stream was reset or lost, and every whole message was read.</summary>
    Failed,
}
