// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>The English that messages are put together with.</summary>
internal static class Grammar
{
    /// <summary>The noun behind "a" or "an", by its sound: "oneof" begins as "one" does.</summary>
    public static string WithArticle(string noun) =>
        ("aeiou".Contains(noun[0], StringComparison.Ordinal) && !noun.StartsWith("one", StringComparison.Ordinal) ? "an " : "a ") + noun;
}
