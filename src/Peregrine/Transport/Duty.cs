// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Transport;

/// <summary>What a thread has claimed under a pump's lock and does after it.</summary>
internal enum Duty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>To send the output that was taken.</summary>
    Send,

    /// <summary>To let the thread pool send, with what comes until then.</summary>
    SendSoon,

    /// <summary>To apply events.</summary>
    Apply,
}
