// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Calls;

/// <summary>How messages are written.</summary>
internal enum MessageText
{
    /// <summary>Protobuf's JSON mapping.</summary>
    Json,

    /// <summary>Protobuf's text format.</summary>
    Text,
}
