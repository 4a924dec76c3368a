// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Peregrine.Cli.Rules;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Commands;

/// <summary>What <c>lint</c> and <c>breaking</c> have in common: files, the choice of rules, and how findings are told.</summary>
internal sealed class RuleFlags
{
    private const string Place = "1";
    private const string RuleName = "2";

    private readonly Option<string[]> _importPaths = new("--import-path", "-I", "--proto_path") { Description = "Look up imports below DIR; inferred when not given.", HelpName = "DIR" };
    private readonly Option<string[]> _only = new("--path") { Description = "Look at this file, or the files below this folder, only; may be given several times.", HelpName = "PATH" };
    private readonly Option<string[]> _not = new("--exclude-path") { Description = "Leave this file or folder out; may be given several times.", HelpName = "PATH" };
    private readonly Option<string?> _config = new("--config") { Description = $"Take settings from this file; by default the {BufYaml.FileName} of the folder, or of a workspace above it.", HelpName = "FILE" };
    private readonly Option<string[]> _use = new("--use") { Description = "Use this rule or category instead of those of the settings; may be given several times.", HelpName = "RULE" };
    private readonly Option<string[]> _except = new("--except") { Description = "Leave this rule or category out; may be given several times.", HelpName = "RULE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly Option<string?> _form = new("--error-format") { Description = $"Print findings as buf does: {string.Join(", ", FindingLines.Forms)}.", HelpName = "FORM" };

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
    public IReadOnlyList<OptionGroup> Groups => [new("Files", [_only, _not, _importPaths, _config]), new("Rules", [_use, _except, ListOption]), new("Output", [_json, _form])];

    /// <summary>Makes them.</summary>
    public RuleFlags() => _form.AcceptOnlyFromAmong([.. FindingLines.Forms]);

    /// <summary>Whether rules shall be listed, and no file be looked at.</summary>
    public bool ListsRules(ParseResult line) => line.GetValue(ListOption);

    /// <summary>
    /// What shall be looked at: the modules of this folder, or of the folder that the user names, as <c>buf.yaml</c> has them; otherwise all
    /// files that the user names, with the settings of this folder. Of these, the files that <c>--path</c> and <c>--exclude-path</c> leave.
    /// </summary>
    /// <param name="line">The command line, whose choice of rules wins.</param>
    /// <param name="section">The section of the settings.</param>
    /// <param name="areAlone">Whether a folder in a module is looked at as a module of its own.</param>
    /// <exception cref="ToolException">A file of settings cannot be read, or is wrong.</exception>
    public IReadOnlyList<ProtoModule> Modules(ParseResult line, string section, bool areAlone = false)
    {
        var paths = line.GetValue(Paths)!;
        var folder = paths is [var only] && Directory.Exists(only) ? only : null;
        var config = line.GetValue(_config);
        var modules = (folder, config) switch
        {
            ({ } each, null) => ProtoModule.Find(each, section),
            ({ } each, { } path) => ProtoModule.Read(path, each, section),
            _ => null,
        };
        modules ??= [new ProtoModule(paths, [], [], (config is null ? ProtoModule.Find(".", section) : ProtoModule.Read(config, ".", section))?[0].Settings ?? RuleSettings.None)];
        var filter = new PathFilter(line.GetValue(_only) ?? [], line.GetValue(_not) ?? []);
        var importPaths = line.GetValue(_importPaths) ?? [];
        return
        [
            .. modules.Select(module => areAlone ? module.Alone() : module).Select(module => module with
            {
                ImportPaths = importPaths.Length > 0 ? importPaths : module.ImportPaths,
                Filter = module.Filter.And(filter),
                Settings = module.Settings.With(line.GetValue(_use) ?? [], line.GetValue(_except) ?? []),
            }),
        ];
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
        if (line.GetValue(_form) is { } form)
        {
            FindingLines.Write(terminal, findings, form);
        }
        else if (line.GetValue(_json))
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
