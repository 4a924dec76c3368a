// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Xunit;

namespace Peregrine.Cli.Tests;

public sealed class FormatCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void A_file_is_printed_in_its_standard_form_and_left_alone()
    {
        _line.Write("a.proto", "message A{}");
        Assert.Equal(ExitCode.Success, _line.Run("format", _line["a.proto"]));
        Assert.Equal("message A {}\n", _line.Output);
        Assert.Equal("message A{}", _line.Read("a.proto"));
    }

    [Fact]
    public void Check_lists_what_is_not_in_this_form_and_write_puts_it_there()
    {
        _line.Write("protos/a.proto", "message A{}");
        _line.Write("protos/b.proto", "message B {}\n");
        Assert.Equal(ExitCode.Failure, _line.Run("format", "--check", _line["protos"]));
        Assert.Equal(_line["protos/a.proto"], _line.Output.TrimEnd());
        Assert.Equal("message A{}", _line.Read("protos/a.proto"));
        Assert.Equal(ExitCode.Success, _line.Run("format", "-w", _line["protos"]));
        Assert.Equal("message A {}\n", _line.Read("protos/a.proto"));
        _line.Clear();
        Assert.Equal(ExitCode.Success, _line.Run("format", "--check", _line["protos"]));
        Assert.Equal("", _line.Output);
    }

    [Fact]
    public void A_file_with_errors_is_left_alone_and_the_others_are_written()
    {
        _line.Write("protos/a.proto", "message A{");
        _line.Write("protos/b.proto", "message B{}");
        Assert.Equal(ExitCode.Failure, _line.Run("format", "--write", _line["protos"]));
        Assert.Contains("a.proto:1:", _line.Errors, StringComparison.Ordinal);
        Assert.Equal("message A{", _line.Read("protos/a.proto"));
        Assert.Equal("message B {}\n", _line.Read("protos/b.proto"));
    }

    [Fact]
    public void Standard_input_is_formatted_to_standard_output()
    {
        _line.Input = Encoding.UTF8.GetBytes("enum E{A=0;}");
        Assert.Equal(ExitCode.Success, _line.Run("format", "-"));
        Assert.Equal("enum E {\n  A = 0;\n}\n", _line.Output);
    }
}
