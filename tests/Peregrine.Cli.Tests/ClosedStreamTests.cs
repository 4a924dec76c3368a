// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>The tool as a process whose caller closed standard input or standard error.</summary>
public sealed class ClosedStreamTests
{
    [Theory]
    [InlineData("format - <&-", 1)]
    [InlineData("nosuch 2>&-", 2)]
    [InlineData("compile --nosuch 2>&-", 2)]
    [InlineData("list --proto /no/such.proto 2>&-", 1)]
    [InlineData("--version 2>&-", 0)]
    public async Task The_exit_code_is_as_with_open_ones(string command, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The shell is sh.");
        Assert.SkipUnless(OperatingSystem.IsLinux() || !command.Contains("<&-"), "Only Linux tells what was inherited.");
        var tool = Path.Combine(AppContext.BaseDirectory, "Peregrine.Cli.dll");
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec dotnet '{tool}' {command}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(code, process.ExitCode);
        Assert.Equal(command.Contains("<&-") ? "peregrine: Standard input is closed. Give a file, or < /dev/null for no input.\n" : "", await errors);
    }
}
