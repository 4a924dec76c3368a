// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Files that a file shows to those who import it: itself and what it imports publicly, to any depth. As runs of serial numbers, which
/// follow the order in which files are made: a chain of imports, however long, is one run, and its files need no set each. Immutable.
/// </summary>
internal sealed class PublicFiles
{
    // Beyond so many runs a set is no worse.
    private const int MostRuns = 32;

    private readonly (long First, long Last)[] _runs;

    private PublicFiles((long First, long Last)[] runs) => _runs = runs;

    /// <summary>What a file shows; null when that lies too scattered.</summary>
    public static PublicFiles? Of(FileDescriptor file) => Join(file.PublicDependencies, new PublicFiles([(file.Serial, file.Serial)]));

    /// <summary>What several files show together; null when that lies too scattered.</summary>
    public static PublicFiles? Join(IReadOnlyList<FileDescriptor> files, PublicFiles? more = null)
    {
        List<(long First, long Last)> runs = [.. more?._runs ?? []];
        foreach (FileDescriptor file in files)
        {
            if (file.PublicFiles is not { } shown)
            {
                return null;
            }

            runs.AddRange(shown._runs);
        }

        runs.Sort();
        List<(long First, long Last)> joined = [];
        foreach ((long first, long last) in runs)
        {
            if (joined.Count > 0 && first <= joined[^1].Last + 1)
            {
                joined[^1] = (joined[^1].First, long.Max(joined[^1].Last, last));
            }
            else
            {
                joined.Add((first, last));
            }
        }

        return joined.Count <= MostRuns ? new PublicFiles([.. joined]) : null;
    }

    /// <summary>Whether a file is among them.</summary>
    public bool Contains(FileDescriptor file)
    {
        foreach ((long first, long last) in _runs)
        {
            if (file.Serial >= first && file.Serial <= last)
            {
                return true;
            }
        }

        return false;
    }
}
