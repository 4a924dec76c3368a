// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>Source text in which <c>«</c> marks the place where the first error is expected.</summary>
internal static class AnnotatedText
{
    public static CompilationResult Compile(string text)
    {
        ImportResolver resolver = new();
        resolver.AddText("test.proto", text);
        return new Compilation(resolver).Compile("test.proto");
    }

    public static void AssertFirstError(string annotated, string id)
    {
        int mark = annotated.IndexOf('«', StringComparison.Ordinal);
        Assert.True(mark >= 0, "The text has no mark.");
        string text = annotated.Remove(mark, 1);
        CompilationResult result = Compile(text);
        Diagnostic first = Assert.Single(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(1));
        SourceFile source = new("test.proto", System.Text.Encoding.UTF8.GetBytes(text));
        (int line, int column) = source.GetPosition(System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, mark)));
        Assert.Equal((id, line, column), (first.Id, first.Line, first.Column));
    }
}
