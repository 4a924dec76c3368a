// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>Which end of the connection a state machine plays.</summary>
public enum Http2Role : byte
{
    /// <summary>Sends the preface string and opens streams with odd numbers.</summary>
    Client,

    /// <summary>Checks the preface string and answers streams.</summary>
    Server,
}
