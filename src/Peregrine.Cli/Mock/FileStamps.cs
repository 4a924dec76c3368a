// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Peregrine.Cli.Mock;

/// <summary>
/// Tells whether files have changed, by their times and lengths. Looked at again and again, since notifications do not come from file systems of
/// other machines and containers, and not for files that editors put in place of others.
/// </summary>
internal static class FileStamps
{
    /// <summary>What is other if one of the files was changed, made or deleted.</summary>
    /// <param name="files">Files.</param>
    /// <param name="paths">Further files, and folders whose .proto files are meant.</param>
    public static string Of(IEnumerable<string> files, IEnumerable<string> paths)
    {
        var text = new StringBuilder();
        foreach (var file in files.Concat(paths.SelectMany(Expand)).Distinct().Order(StringComparer.Ordinal))
        {
            // Of a file that is not there the time is 1601.
            var info = new FileInfo(file);
            text.Append(CultureInfo.InvariantCulture, $"{file}|{info.LastWriteTimeUtc.Ticks}|{(info.Exists ? info.Length : -1)}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.proto", SearchOption.AllDirectories) : [path];
}
