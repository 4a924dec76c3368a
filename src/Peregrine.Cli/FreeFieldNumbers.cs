// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>Prints the field numbers that a message has not used or reserved, nested messages before the one that holds them.</summary>
internal static class FreeFieldNumbers
{
    private const int MaxNumber = (1 << 29) - 1;

    /// <summary>Prints the messages of a file, in protoc's form.</summary>
    public static void Print(TextWriter output, FileDescriptorProto file)
    {
        foreach (var message in file.MessageType)
        {
            Print(output, message, file.Package.Length == 0 ? "" : file.Package + ".");
        }
    }

    private static void Print(TextWriter output, DescriptorProto message, string scope)
    {
        var name = scope + message.Name;
        foreach (var nested in message.NestedType)
        {
            Print(output, nested, name + ".");
        }

        var taken = new List<(int Start, int End)>();
        foreach (var field in message.Field)
        {
            taken.Add((field.Number, field.Number + 1));
        }

        foreach (var range in message.ExtensionRange)
        {
            taken.Add((range.Start, range.End));
        }

        foreach (var range in message.ReservedRange)
        {
            taken.Add((range.Start, range.End));
        }

        taken.Sort();
        var line = new StringBuilder(name.PadRight(35)).Append(" free:");
        var next = 1;
        foreach (var (start, end) in taken)
        {
            if (next < start)
            {
                line.Append(CultureInfo.InvariantCulture, $" {next}");
                if (next + 1 < start)
                {
                    line.Append(CultureInfo.InvariantCulture, $"-{start - 1}");
                }
            }

            next = int.Max(next, end);
        }

        if (next <= MaxNumber)
        {
            line.Append(CultureInfo.InvariantCulture, $" {next}-INF");
        }

        output.Write(line.Append('\n').ToString());
    }
}
