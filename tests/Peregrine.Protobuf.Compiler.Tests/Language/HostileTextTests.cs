// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>Neither a file name nor a file can write more than its own lines to a terminal or a log, or fill the memory.</summary>
public class HostileTextTests
{
    [Theory]
    [InlineData(DiagnosticFormat.Text)]
    [InlineData(DiagnosticFormat.Gcc)]
    [InlineData(DiagnosticFormat.Msvs)]
    [InlineData(DiagnosticFormat.Json)]
    public void A_name_cannot_forge_the_line_of_another_error(DiagnosticFormat format)
    {
        const string Name = "a\nforged.cs(1,1): error X1: \u001b[31m\u2028.proto";
        StringWriter output = new();
        DiagnosticRenderer.Render(output, new Diagnostic(DiagnosticSeverity.Error, "PRG1", Name, null, null, Name, Name), format);
        Assert.DoesNotContain('\u001b', output.ToString());
        Assert.DoesNotContain(output.ToString().ReplaceLineEndings("\n").Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_of_a_megabyte_is_not_repeated_in_every_error()
    {
        string text = $"syntax = \"proto3\"; message {new string('a', 1 << 20)} {{ int32 f = 1; int32 f = 1; }}";
        Assert.All(AnnotatedText.Compile(text).Diagnostics, error => Assert.InRange(error.Message.Length, 1, 5000));
    }

    [Fact]
    public void What_is_longer_than_the_limit_is_not_read()
    {
        Assert.Equal(100_000, InputBytes.Read(new MemoryStream(new byte[100_000]), 100_000).Length);
        Assert.Equal(100_000, InputBytes.Read(new Pipe(100_000), 100_000).Length);
        Assert.Empty(InputBytes.Read(new Pipe(0), 1));
        Assert.Throws<IOException>(() => InputBytes.Read(new MemoryStream(new byte[100_001]), 100_000));
        Assert.Throws<IOException>(() => InputBytes.Read(new Pipe(long.MaxValue), 100_000));
    }

    private sealed class Pipe(long length) : MemoryStream
    {
        private long _left = length;

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(Math.Min(_left, buffer.Length), 1000);
            _left -= count;
            return count;
        }
    }
}
