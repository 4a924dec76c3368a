// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.TestKit;

/// <summary>The frame types of RFC 9113 section 6 that tests write by hand.</summary>
public enum RawFrameType
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}
