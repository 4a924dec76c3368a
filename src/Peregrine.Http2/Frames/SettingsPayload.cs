// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;

namespace Peregrine.Http2.Frames;

/// <summary>Numbers of the settings (RFC 9113 section 6.5.2).</summary>
internal enum SettingId : ushort
{
    HeaderTableSize = 1,
    EnablePush = 2,
    MaxConcurrentStreams = 3,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
    MaxHeaderListSize = 6,
}

/// <summary>
/// Reads the payload of SETTINGS.
/// <code>
/// +-------------------------------+
/// |       Identifier (16)         |
/// +-------------------------------+-------------------------------+
/// |                        Value (32)                             |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal static class SettingsPayload
{
    public const int EntrySize = 6;

    public const int SmallestMaxFrameSize = 16384;

    public const int LargestMaxFrameSize = (1 << 24) - 1;

    /// <summary>Applies the entries in their order; returns the code of the connection error that a wrong value is, or null.</summary>
    /// <param name="payload">The frame's payload.</param>
    /// <param name="fromServer">Whether the peer is a server.</param>
    /// <param name="settings">What the entries change.</param>
    /// <param name="smallestTableSize">Becomes the smallest SETTINGS_HEADER_TABLE_SIZE on the way: an encoder must follow it even when a later entry raises it again.</param>
    public static Http2ErrorCode? TryApply(
        ReadOnlySpan<byte> payload, bool fromServer, ref Http2Settings settings, ref uint smallestTableSize)
    {
        for (; payload.Length >= EntrySize; payload = payload[EntrySize..])
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch ((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case SettingId.HeaderTableSize:
                    settings = settings with { HeaderTableSize = value };
                    smallestTableSize = Math.Min(smallestTableSize, value);
                    break;

                // RFC 9113 section 6.5.2: "Any value other than 0 or 1 MUST be treated as a connection error of type PROTOCOL_ERROR", and
                // "A client MUST treat receipt of a SETTINGS frame with SETTINGS_ENABLE_PUSH set to 1 as a connection error".
                case SettingId.EnablePush:
                    if (value > 1 || (fromServer && value == 1))
                    {
                        return Http2ErrorCode.ProtocolError;
                    }

                    settings = settings with { EnablePush = value == 1 };
                    break;
                case SettingId.MaxConcurrentStreams:
                    settings = settings with { MaxConcurrentStreams = value };
                    break;

                // "Values above the maximum flow-control window size of 2^31-1 MUST be treated as a connection error of type
                // FLOW_CONTROL_ERROR."
                case SettingId.InitialWindowSize:
                    if (value > int.MaxValue)
                    {
                        return Http2ErrorCode.FlowControlError;
                    }

                    settings = settings with { InitialWindowSize = value };
                    break;

                // "Values outside this range MUST be treated as a connection error of type PROTOCOL_ERROR."
                case SettingId.MaxFrameSize:
                    if (value is < SmallestMaxFrameSize or > LargestMaxFrameSize)
                    {
                        return Http2ErrorCode.ProtocolError;
                    }

                    settings = settings with { MaxFrameSize = value };
                    break;
                case SettingId.MaxHeaderListSize:
                    settings = settings with { MaxHeaderListSize = value };
                    break;

                // "An endpoint that receives a SETTINGS frame with any unknown or unsupported identifier MUST ignore that setting."
                default:
                    break;
            }
        }

        return null;
    }
}
