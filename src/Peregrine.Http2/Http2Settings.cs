// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>The settings of one end (RFC 9113 section 6.5.2).</summary>
/// <param name="HeaderTableSize">Largest HPACK dynamic table, in octets, that this end's decoder keeps.</param>
/// <param name="EnablePush">Whether this end accepts server push.</param>
/// <param name="MaxConcurrentStreams">How many streams the other end may have open; <see cref="uint.MaxValue"/> is no limit.</param>
/// <param name="InitialWindowSize">Flow-control window of a new stream towards this end, in octets.</param>
/// <param name="MaxFrameSize">Largest frame payload that this end accepts, in octets.</param>
/// <param name="MaxHeaderListSize">Largest uncompressed header list this end wants; <see cref="uint.MaxValue"/> is no limit.</param>
public readonly record struct Http2Settings(
    uint HeaderTableSize,
    bool EnablePush,
    uint MaxConcurrentStreams,
    uint InitialWindowSize,
    uint MaxFrameSize,
    uint MaxHeaderListSize)
{
    /// <summary>What holds before any SETTINGS frame came.</summary>
    public static Http2Settings Initial => new(4096, true, uint.MaxValue, 65535, 16384, uint.MaxValue);
}
