// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Linq;
using Peregrine.Cli.Bench;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine bench-compare</c>: two results of <c>peregrine bench</c>, figure by figure.</summary>
internal sealed class BenchCompareCommand : ToolCommand
{
    private readonly Argument<string> _before = new("BEFORE") { Description = "The result that is compared with: a file of \"bench --output\"." };
    private readonly Argument<string> _after = new("AFTER") { Description = "The result that is judged." };
    private readonly Option<double?> _tolerance = new("--tolerance") { Description = "End with exit code 1 when a figure is worse by more than this many percent.", HelpName = "PERCENT" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public BenchCompareCommand(Terminal terminal)
        : base("bench-compare", "Compare two results of \"bench --output\": rates, failures and latencies.")
    {
        _terminal = terminal;
        Add(_before);
        Add(_after);
        Add(new OptionGroup("Options", [_tolerance, _json]));
        Examples = ["peregrine bench-compare before.json after.json", "peregrine bench-compare before.json after.json --tolerance 10"];
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        var comparison = RunComparison.Of(ResultJson.Read(line.GetValue(_before)!), ResultJson.Read(line.GetValue(_after)!));
        if (line.GetValue(_json))
        {
            _terminal.Output.WriteLine(Terminal.EscapeJson(JsonText.Of(comparison.Write)));
        }
        else
        {
            comparison.Write(_terminal);
        }

        if (line.GetValue(_tolerance) is not { } percent)
        {
            return ExitCode.Success;
        }

        if (percent < 0)
        {
            throw new ToolException($"--tolerance {percent} is negative.", ExitCode.Usage);
        }

        var worse = comparison.Worse(percent / 100).ToList();
        worse.ForEach(figure => _terminal.Error($"{figure.Name} is worse: {figure.BeforeText} before, {figure.AfterText} after."));
        return worse.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }
}
