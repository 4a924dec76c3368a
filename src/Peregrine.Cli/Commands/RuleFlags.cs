// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Commands;

/// <summary>What <c>lint</c> and <c>breaking</c> have in common: files, the choice of rules, and how findings are told.</summary>
internal sealed class RuleFlags
{
    private const string DefaultConfig = "buf.yaml";
    private const string Place = "1";
    private const string RuleName = "2";

    private readonly Option<string[]> _importPaths = new("--import-path", "-I", "--proto_path") { Description = "Look up imports below DIR; inferred when not given.", HelpName = "DIR" };
    private readonly Option<string?> _config = new("--config") { Description = $"Take settings from this file; {DefaultConfig} of this folder by default, if there is one.", HelpName = "FILE" };
    private readonly Option<string[]> _use = new("--use") { Description = "Use this rule or category instead of those of the settings; may be given several times.", HelpName = "RULE" };
    private readonly Option<string[]> _except = new("--except") { Description = "Leave this rule or category out; may be given several times.", HelpName = "RULE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    /// <summary>The option that lists rules.</summary>
    public Option<bool> ListOption { get; } = new("--list-rules") { Description = "List all rules, their categories and what they ask for." };

    /// <summary>The files to look at.</summary>
    public Argument<string[]> Paths { get; } = new("PATHS")
    {
        Description = "Files and folders of .proto files, or one descriptor set; this folder by default.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => ["."],
    };

    /// <summary>The options by topic.</summary>
    public IReadOnlyList<OptionGroup> Groups => [new("Files", [_importPaths, _config]), new("Rules", [_use, _except, ListOption]), new("Output", [_json])];

    /// <summary>Whether rules shall be listed, and no file be looked at.</summary>
    public bool ListsRules(ParseResult line) => line.GetValue(ListOption);

    /// <summary>Where imports are looked up.</summary>
    public IReadOnlyList<string> ImportPaths(ParseResult line) => line.GetValue(_importPaths) ?? [];

    /// <summary>The files.</summary>
    /// <exception cref="ToolException">They cannot be read, or do not compile.</exception>
    public ProtoInput Read(ParseResult line, Terminal terminal) => ProtoInput.Read(line.GetValue(Paths)!, ImportPaths(line), terminal);

    /// <summary>The settings: of the file, and of the command line, which wins.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="section">The section of the file.</param>
    /// <exception cref="ToolException">The file cannot be read, or is wrong.</exception>
    public RuleSettings Settings(ParseResult line, string section)
    {
        var path = line.GetValue(_config) ?? (File.Exists(DefaultConfig) ? DefaultConfig : null);
        var settings = path is null ? RuleSettings.None : RuleSettings.Read(path, section);
        return settings.With(line.GetValue(_use) ?? [], line.GetValue(_except) ?? []);
    }

    /// <summary>Lists rules.</summary>
    public int List(ParseResult line, Terminal terminal, IEnumerable<(string Name, IReadOnlyList<string> Categories, string Purpose)> rules)
    {
        if (line.GetValue(_json))
        {
            terminal.Output.WriteLine(JsonText.Of(writer =>
            {
                writer.WriteStartArray();
                foreach (var (name, categories, purpose) in rules)
                {
                    writer.WriteStartObject();
                    writer.WriteString("rule", name);
                    writer.WriteStartArray("categories");
                    foreach (var category in categories)
                    {
                        writer.WriteStringValue(category);
                    }

                    writer.WriteEndArray();
                    writer.WriteString("purpose", purpose);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }));
        }
        else
        {
            Table.Write(terminal, ["Rule", "Categories", "Purpose"], rules.Select(rule => (IReadOnlyList<string>)[rule.Name, string.Join(", ", rule.Categories), rule.Purpose]));
        }

        return ExitCode.Success;
    }

    /// <summary>Tells findings.</summary>
    /// <returns>Failure if there are any.</returns>
    public int Tell(ParseResult line, Terminal terminal, IReadOnlyList<Finding> findings)
    {
        if (line.GetValue(_json))
        {
            terminal.Output.WriteLine(Terminal.EscapeJson(JsonText.Of(writer => Write(writer, findings))));
        }
        else
        {
            foreach (var finding in findings)
            {
                var place = finding.Line == 0 ? finding.File : string.Create(CultureInfo.InvariantCulture, $"{finding.File}:{finding.Line}:{finding.Column}");
                terminal.Output.WriteLine($"{terminal.Paint(Terminal.Escape(place) + ":", Place)} {Terminal.Escape(finding.Message)} {terminal.Paint($"({finding.Rule})", RuleName)}");
            }
        }

        return findings.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartArray();
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("path", finding.File);
            writer.WriteNumber("line", finding.Line);
            writer.WriteNumber("column", finding.Column);
            writer.WriteString("rule", finding.Rule);
            writer.WriteString("message", finding.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
