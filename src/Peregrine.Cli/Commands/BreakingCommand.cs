// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Breaking;
using Peregrine.Cli.Rules;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine breaking</c>: whether .proto files still fit what was made of them before.</summary>
internal sealed class BreakingCommand : ToolCommand
{
    private readonly RuleFlags _flags = new();
    private readonly Option<string?> _against = new("--against") { Description = "What there was: a folder, .proto file or descriptor set.", HelpName = "PATH" };
    private readonly Option<string?> _againstGit = new("--against-git") { Description = "What there was: the same files in this branch, tag or commit.", HelpName = "REF" };
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public BreakingCommand(Terminal terminal)
        : base("breaking", "Compare .proto files with what they were: do code, JSON and binary data still fit? By buf's rules and buf.yaml.")
    {
        _terminal = terminal;
        Add(_flags.Paths);
        Add(new OptionGroup("Before", [_against, _againstGit]));
        foreach (var group in _flags.Groups)
        {
            Add(group);
        }

        Examples =
        [
            "peregrine breaking --against-git main",
            "peregrine breaking protos/ --against ../released/protos --use WIRE_JSON",
            "peregrine breaking --against released.binpb --list-rules",
        ];
        Validators.Add(result =>
        {
            if (!result.GetValue(_flags.ListOption) && result.GetValue(_against) is null == result.GetValue(_againstGit) is null)
            {
                result.AddError("Say what there was: --against PATH or --against-git REF.");
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        if (_flags.ListsRules(line))
        {
            return _flags.List(line, _terminal, BreakingRules.All.Select(rule => (rule.Name, rule.Categories, rule.Purpose)));
        }

        var modules = _flags.Modules(line, "breaking", areAlone: true);
        List<ProtoInput> before;
        List<ProtoInput> after;
        if (line.GetValue(_against) is { } file && modules is [var single] && SingleFile.Is(file))
        {
            var (fileBefore, filesAfter) = SingleFile.Pair(file, single, _terminal);
            (before, after) = ([fileBefore], [filesAfter]);
        }
        else
        {
            before = line.GetValue(_against) is { } path
                ? [.. Against(path, modules.Count).Select(module => ProtoInput.Read(module, _terminal))]
                : await ReadGitAsync(modules, line.GetValue(_againstGit)!, cancellationToken).ConfigureAwait(false);

            // What is left out is compared, too, since packages are compared as a whole, but not told.
            after = [.. modules.Select(module => ProtoInput.Read(module with { Filter = PathFilter.All }, _terminal))];
        }

        if (!modules.Where((module, i) => before[i].Files.Concat(after[i].Files).Any(file => module.Takes(after[i].PathOf(file)))).Any())
        {
            throw new ToolException("There is no .proto file to compare: --path names files that are and were not there, or --exclude-path leaves none.");
        }

        return _flags.Tell(
            line, _terminal, [.. modules.SelectMany((module, i) => BreakingRun.Compare(before[i].Files, after[i], module.Settings).Where(finding => module.Takes(finding.File)))]);
    }

    // A workspace is compared with a workspace, module by module.
    private static List<ProtoModule> Against(string path, int count)
    {
        var modules = (Directory.Exists(path) ? ProtoModule.Find(path, "breaking")?.Select(module => module.Alone()).ToList() : null) ?? [new ProtoModule([path], [], [], RuleSettings.None)];
        return modules.Count == count ? modules
            : throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"There are {count} modules here, but {modules.Count} in \"{path}\": name the folder of one of each."), ExitCode.Usage);
    }

    // The same paths and import roots, in the tree of the commit.
    private async Task<List<ProtoInput>> ReadGitAsync(IReadOnlyList<ProtoModule> modules, string reference, CancellationToken cancellationToken)
    {
        var files = await GitFiles.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
        List<ProtoInput> inputs = [.. modules.Select(module => ReadGit(module, files))];
        return inputs.Exists(input => input.Files.Count > 0) ? inputs
            : throw new ToolException($"\"{reference}\" has none of the .proto files of {string.Join(", ", modules.SelectMany(module => module.Paths))}.");
    }

    private ProtoInput ReadGit(ProtoModule module, IReadOnlyDictionary<string, byte[]> files)
    {
        List<string> roots = [.. ProtoCompilation.Roots(module.Paths, module.ImportPaths, module.Excludes).Select(Relative)];
        List<string> wanted = [.. module.Paths.Select(Relative)];
        List<string> unwanted = [.. module.Excludes.Select(Relative)];
        var resolver = new ImportResolver();
        List<string> names = [];
        foreach (var (path, bytes) in files)
        {
            if (roots.Find(root => IsBelow(path, root)) is not { } root)
            {
                continue;
            }

            var name = root.Length == 0 ? path : path[(root.Length + 1)..];
            resolver.AddBytes(name, bytes);
            if (wanted.Exists(each => path == each || IsBelow(path, each)) && !unwanted.Exists(each => path == each || IsBelow(path, each)))
            {
                names.Add(name);
            }
        }

        return names.Count > 0 ? ProtoInput.Compile(resolver, names, _terminal) : ProtoInput.None;
    }

    private static bool IsBelow(string path, string folder) => folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Relative(string path) => Path.GetRelativePath(".", path).Replace('\\', '/') switch
    {
        "." => "",
        var relative when relative.StartsWith("../", StringComparison.Ordinal) || relative == ".." || Path.IsPathRooted(relative) =>
            throw new ToolException($"\"{path}\" lies outside of this folder: run the command where git can see it.", ExitCode.Usage),
        var relative => relative,
    };
}
