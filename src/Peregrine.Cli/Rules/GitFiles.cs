// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Rules;

/// <summary>The .proto files of a commit, read by the git of this machine, without a checkout.</summary>
internal static class GitFiles
{
    private const long MaxFile = 256L << 20;

    /// <summary>Reads the files of the current directory as a commit has them.</summary>
    /// <param name="reference">A branch, tag or commit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The bytes by path, relative to the current directory.</returns>
    /// <exception cref="ToolException">There is no git, no repository or no such commit.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        if (reference.StartsWith('-'))
        {
            throw new ToolException($"\"{reference}\" is no branch, tag or commit.", ExitCode.Usage);
        }

        using var git = Start(reference);
        var errors = git.StandardError.ReadToEndAsync(cancellationToken);
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        try
        {
            await ReadAsync(git.StandardOutput.BaseStream, files, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // An archive that breaks off: git says why.
        }
        catch (OperationCanceledException)
        {
            git.Kill();
            throw;
        }

        await git.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return git.ExitCode == 0 ? files
            : throw new ToolException($"git cannot read \"{reference}\" here: {(await errors.ConfigureAwait(false)).Trim()}");
    }

    private static Process Start(string reference)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["archive", "--format=tar", reference])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ToolException($"git cannot be started: {e.Message}. Is it installed?");
        }
    }

    private static async Task ReadAsync(Stream archive, Dictionary<string, byte[]> files, CancellationToken cancellationToken)
    {
        using var reader = new TarReader(archive, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (entry is not { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } data } || !entry.Name.EndsWith(".proto", StringComparison.Ordinal))
            {
                continue;
            }

            if (entry.Length > MaxFile)
            {
                throw new ToolException($"{entry.Name} is larger than 256 MiB.");
            }

            using var bytes = new MemoryStream((int)entry.Length);
            await data.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            files[entry.Name] = bytes.ToArray();
        }
    }
}
