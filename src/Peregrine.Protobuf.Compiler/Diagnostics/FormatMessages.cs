// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>What the formatter has to say.</summary>
internal static class FormatMessages
{
    public static void NotUtf8(DiagnosticBag bag) =>
        bag.Error("PRG1901", new SourceSpan(0, 0), "The file is not UTF-8.", "Save it as UTF-8; comments may hold any characters then.");

    public static void BadValue(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1902", at, "The value of an option is not in the text format here.", "Write its fields as name: value, or name { ... }.");
}
