// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Peregrine.Cli.Linting;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine lint</c>: whether .proto files are written so that their services can grow.</summary>
internal sealed class LintCommand : ToolCommand
{
    private readonly RuleFlags _flags = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public LintCommand(Terminal terminal)
        : base("lint", "Check the style of .proto files by buf's rules and buf.yaml.")
    {
        _terminal = terminal;
        Add(_flags.Paths);
        foreach (var group in _flags.Groups)
        {
            Add(group);
        }

        Examples = ["peregrine lint", "peregrine lint protos/ --except PACKAGE_VERSION_SUFFIX", "peregrine lint --path acme/shop --error-format junit", "peregrine lint --use BASIC --use COMMENTS", "peregrine lint --list-rules"];
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        if (_flags.ListsRules(line))
        {
            return _flags.List(line, _terminal, LintRules.All.Select(rule => (rule.Name, rule.Categories, rule.Purpose)));
        }

        List<(ProtoInput Input, RuleSettings Settings)> modules = [.. _flags.Modules(line, "lint").Select(module => (ProtoInput.Read(module, _terminal), module.Settings))];
        if (!modules.Exists(module => module.Input.Files.Count > 0))
        {
            throw new ToolException("There is no .proto file to look at: --path names files that are not there, or --exclude-path leaves none.");
        }

        return _flags.Tell(line, _terminal, [.. modules.SelectMany(module => LintRun.Check(module.Input, module.Settings))]);
    }
}
