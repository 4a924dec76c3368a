// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>Whether paths that differ in case only name one file: on Windows and macOS they do, as their volumes are made by default.</summary>
public static class PathCase
{
    /// <summary>How paths are compared on this system.</summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The same, for collections.</summary>
    public static StringComparer Comparer { get; } = StringComparer.FromComparison(Comparison);
}
