// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli;

/// <summary>Which way a message is turned from standard input to standard output.</summary>
internal enum CodecMode
{
    /// <summary>None: files are compiled.</summary>
    None,

    /// <summary>From text to binary.</summary>
    Encode,

    /// <summary>From binary to text.</summary>
    Decode,

    /// <summary>From binary to text without knowing the type.</summary>
    DecodeRaw,
}
