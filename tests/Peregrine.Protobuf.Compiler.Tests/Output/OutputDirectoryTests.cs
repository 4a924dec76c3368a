// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Output;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Output;

public sealed class OutputDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine output ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folders_are_made_and_an_unchanged_file_keeps_its_time()
    {
        string path = new OutputDirectory(In("new/out")).Write("a/b.txt", "text"u8);
        Assert.Equal(In("new/out/a/b.txt"), path);
        DateTime old = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, old);
        new OutputDirectory(In("new/out")).Write("a/b.txt", "text"u8);
        Assert.Equal(old, File.GetLastWriteTimeUtc(path));
        new OutputDirectory(In("new/out"), touchUnchanged: true).Write("a/b.txt", "text"u8);
        Assert.NotEqual(old, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData("link/x", "link", "outside")]
    [InlineData("x", "x", "outside/x")]
    [InlineData("link/x", "link", "../out2/..")]
    [InlineData("a/link/x", "a/link", "../../outside")]
    public void A_link_that_leads_out_is_refused(string name, string link, string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links needs a privilege there.");
        Directory.CreateDirectory(In("out/a"));
        Directory.CreateDirectory(In("outside"));
        File.CreateSymbolicLink(In("out/" + link), target.StartsWith("..", StringComparison.Ordinal) ? target : In(target));
        Assert.Contains("symbolic link", Assert.Throws<ArgumentException>(() => new OutputDirectory(In("out")).Write(name, "evil"u8)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(In("outside")));
    }

    [Fact]
    public void Links_that_stay_inside_and_the_folder_itself_may_be_links()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links needs a privilege there.");
        Directory.CreateDirectory(In("out/real"));
        File.CreateSymbolicLink(In("out/link"), "real");
        File.CreateSymbolicLink(In("alias"), In("out"));
        new OutputDirectory(In("alias")).Write("link/x", "text"u8);
        Assert.Equal("text", File.ReadAllText(In("out/real/x")));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error_that_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links needs a privilege there.");
        Directory.CreateDirectory(In("out"));
        File.CreateSymbolicLink(In("out/a"), "b");
        File.CreateSymbolicLink(In("out/b"), "a");
        Assert.Throws<IOException>(() => new OutputDirectory(In("out")).Write("a/x", "text"u8));
    }

    private string In(string path) => Path.Combine(_folder, path);
}
