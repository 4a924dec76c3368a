// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Mock;

/// <summary>Collects what is wrong with an answers file, so that one look tells all of it.</summary>
/// <param name="path">The file.</param>
internal sealed class AnswerProblems(string path)
{
    private const int MaxTold = 50;

    private readonly List<(long Line, long Column, string Message)> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>A place of the file, as messages begin.</summary>
    public string PlaceOf(AnswerNode node) => string.Create(CultureInfo.InvariantCulture, $"{path}:{node.Line}:{node.Column}");

    /// <summary>Adds one.</summary>
    /// <param name="node">Where it is.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public void Add(AnswerNode node, string message) => _all.Add((node.Line, node.Column, message));

    /// <summary>Adds one of a name that nothing has.</summary>
    /// <param name="node">The name.</param>
    /// <param name="message">What has no such name, without a full stop.</param>
    /// <param name="known">Those that it has.</param>
    public void AddUnknown(AnswerNode node, string message, IEnumerable<string> known)
    {
        var all = known.ToList();
        var near = NearNames.Of(node.Text, all);
        Add(node, message + "." + (near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?"
            : all.Count is > 0 and <= 20 ? $" It has: {string.Join(", ", all)}." : ""));
    }

    /// <summary>Ends the reading if there are any.</summary>
    /// <exception cref="ToolException">There are; the message has all of them, by place.</exception>
    public void ThrowIfAny()
    {
        if (_all.Count == 0)
        {
            return;
        }

        var lines = _all.Distinct().OrderBy(each => each.Line).ThenBy(each => each.Column)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{path}:{each.Line}:{each.Column}: {each.Message}")).ToList();
        var more = lines.Count > MaxTold ? $"\n... and {lines.Count - MaxTold} more." : "";
        throw new ToolException($"The answers do not suit the schema.\n{string.Join('\n', lines.Take(MaxTold))}{more}");
    }
}
