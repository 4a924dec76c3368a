// SPDX-License-Identifier: Apache-2.0

using System;
using System.Linq;

namespace Peregrine.Cli.Mock;

/// <summary>What a rule asks of one name of the metadata.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Value">The value that it must have, of a <c>-bin</c> name base64; null when any or none will do.</param>
/// <param name="IsPresent">Without value: whether there must be one, or none.</param>
internal sealed record MetadataPattern(string Name, string? Value, bool IsPresent)
{
    /// <summary>Whether metadata is so.</summary>
    public bool Matches(Metadata metadata) => Value is null
        ? metadata.Get(Name) is not null == IsPresent
        : metadata.GetAll(Name).Any(entry => (entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value) == Value);
}
