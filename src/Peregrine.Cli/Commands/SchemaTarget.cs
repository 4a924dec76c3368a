// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Commands;

/// <summary>What a command looks at: with a schema of files the address may be left away.</summary>
/// <param name="Address">The server, or null.</param>
/// <param name="Symbol">The name that is looked for, or null.</param>
internal sealed record SchemaTarget(string? Address, string? Symbol)
{
    /// <summary>Tells two optional arguments apart.</summary>
    public static SchemaTarget Read(ParseResult result, SchemaFlags schema, string? first, string? second) =>
        second is null && schema.IsLocal(result) ? new SchemaTarget(null, first) : new SchemaTarget(first, second);

    /// <summary>The channel to the server, or null when there is no address.</summary>
    public ServerConnection? Connect(ParseResult result, ConnectionFlags flags, Terminal terminal) =>
        Address is null ? null : ServerConnection.Create(flags.Read(result, Address, terminal));
}
