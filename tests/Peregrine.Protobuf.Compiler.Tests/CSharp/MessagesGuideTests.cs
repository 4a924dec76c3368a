// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

/// <summary>The listings of docs/guides/messages.md are one program that prints what the comments behind its lines say.</summary>
public partial class MessagesGuideTests
{
    // What a project has by itself, and a console that can be read.
    private const string Before = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    private const string Console = """
        internal static class Console
        {
            public static readonly StringWriter Lines = new();
            public static readonly StringWriter Other = new();
            public static void WriteLine(object? value) => Lines.WriteLine(value);
            public static void Write(object? value) => Other.Write(value);
        }
        """;

    [Fact]
    public void The_listings_print_what_they_say()
    {
        string guide = File.ReadAllText(Path.Combine(Folder(), "../../../docs/guides/messages.md"));
        string[] lines = [.. Listing().Matches(guide).SelectMany(match => match.Groups["code"].Value.Split('\n'))];
        string input = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(input, DescriptorSet(Proto().Match(guide).Groups["proto"].Value));
            string source = Before
                + string.Join('\n', lines.Where(IsUsing)) + "\n" + Console + "\n"
                + "public static class User { public static string Run() { RunAsync().GetAwaiter().GetResult(); return Console.Lines.ToString(); }\n"
                + "private static async Task RunAsync() {\n" + string.Join('\n', lines.Where(line => !IsUsing(line))) + "\n} }";
            string? printed = GeneratedSource.Run([], source.Replace("\"order.binpb\"", "@\"" + input + "\"", StringComparison.Ordinal));
            string[] expected = [.. lines.Select(line => Printed().Match(line)).Where(match => match.Success).SelectMany(match => match.Groups["text"].Value.Split(" | "))];
            Assert.True(expected.Length > 20);
            Assert.Equal(expected, printed!.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
        }
        finally
        {
            File.Delete(input);
        }
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static byte[] DescriptorSet(string proto)
    {
        Sources.ImportResolver resolver = new();
        resolver.AddText("order.proto", proto);
        CompilationResult result = new Compilation(resolver).Compile("order.proto");
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return new FileDescriptorSet { File = { FileDescriptorProto.Parser.ParseFrom(Assert.Single(result.Roots).Serialized.Span) } }.ToByteArray();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("```csharp\\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Listing();

    [GeneratedRegex("<<'PROTO'\\n(?<proto>.*?)PROTO\\n", RegexOptions.Singleline)]
    private static partial Regex Proto();

    [GeneratedRegex(@"^\s*Console\.WriteLine\(.*\); // (?<text>.*)$")]
    private static partial Regex Printed();
}
