// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;

namespace Peregrine.Cli.Commands;

/// <summary>A command with what its help shows beside its options: their groups, and examples.</summary>
internal abstract class ToolCommand : Command
{
    private readonly List<OptionGroup> _groups = [];

    /// <summary>Makes it.</summary>
    /// <param name="name">How it is called.</param>
    /// <param name="description">What it does, in a sentence or more.</param>
    protected ToolCommand(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>The options by topic, in the order of the help.</summary>
    public IReadOnlyList<OptionGroup> Groups => _groups;

    /// <summary>Command lines to begin with, each true.</summary>
    public IReadOnlyList<string> Examples { get; protected init; } = [];

    /// <summary>Adds options under a title.</summary>
    protected void Add(OptionGroup group)
    {
        _groups.Add(group);
        foreach (var option in group.Options)
        {
            Add(option);
        }
    }
}
