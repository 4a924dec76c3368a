// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CompilerFuzz;

/// <summary>Runs protoc on a text in place of its seed's, one process at a time.</summary>
internal sealed partial class ProtocRun : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _protoc;
    private readonly IReadOnlyList<string> _includes;
    private readonly string _scratch = Directory.CreateTempSubdirectory("compiler-fuzz-").FullName;
    private readonly string _output;

    public ProtocRun(string protoc, IReadOnlyList<string> includes)
    {
        _protoc = protoc;
        _includes = includes;
        _output = Path.Combine(_scratch, "out.pb");
    }

    /// <summary>Compiles; null if protoc itself crashed or did not end.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="text">The text.</param>
    public Outcome? Compile(Seed seed, byte[] text)
    {
        string work = Path.Combine(_scratch, "work");
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        string file = Path.Combine(work, seed.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, text);
        File.Delete(_output);
        ProcessStartInfo start = new(_protoc)
        {
            WorkingDirectory = work,
            RedirectStandardError = true,
            ArgumentList = { "-I.", "-I" + seed.Directory, "--include_imports", "--include_source_info", "-o", _output },
        };
        foreach (string include in _includes)
        {
            start.ArgumentList.Add("-I" + include);
        }

        foreach (string root in seed.Files)
        {
            start.ArgumentList.Add(root);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            return null;
        }

        return process.ExitCode is 0 or 1 ? Read(seed, process.ExitCode == 0, errors.Result) : null;
    }

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    private Outcome Read(Seed seed, bool isAccepted, string errors)
    {
        List<string> warnings = [];
        string? place = null;
        string? message = null;
        foreach (string line in errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Match match = Message().Match(WithImportPath(seed, line));
            bool isWarning = match.Success ? match.Groups["warning"].Success : line.Contains("warning: ", StringComparison.Ordinal);
            if (isWarning)
            {
                warnings.Add(match.Success ? match.Groups["place"].Value : line.Split(": ")[0]);
            }
            else if (message is null)
            {
                place = match.Success ? match.Groups["place"].Value : null;
                message = match.Success ? match.Groups["text"].Value : line;
            }
        }

        return new Outcome(isAccepted, place, message ?? "", warnings, isAccepted ? File.ReadAllBytes(_output) : []);
    }

    // protoc names files by their path on disk.
    private string WithImportPath(Seed seed, string line)
    {
        foreach (string root in _includes.Prepend(seed.Directory))
        {
            if (line.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return line[(root.Length + 1)..];
            }
        }

        return line.StartsWith("./", StringComparison.Ordinal) ? line[2..] : line;
    }

    [GeneratedRegex("^(?<place>.+?:[0-9]+:[0-9]+): (?<warning>warning: )?(?<text>.*)$")]
    private static partial Regex Message();
}
