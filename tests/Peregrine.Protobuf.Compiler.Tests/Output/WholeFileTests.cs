// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Output;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Output;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine whole ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(In("file"), "old");
        IOException error = Assert.Throws<IOException>(() => WholeFile.Write(In("file"), stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left.");
        }));
        Assert.Equal($"The file \"{In("file")}\" cannot be written: No space left.", error.Message);
        Assert.Equal("old", File.ReadAllText(In("file")));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_a_link_leads_to_is_replaced_with_its_mode_and_the_link_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links needs a privilege there.");
        File.WriteAllText(In("real"), "old");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In("real"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.CreateSymbolicLink(In("link"), "real");
            Write("link", "new");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In("real")));
        }

        Assert.Equal("new", File.ReadAllText(In("real")));
        Assert.Equal("real", new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void A_device_is_written_to_and_stays_one()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no such device.");
        WholeFile.Write("/dev/null", stream => stream.Write("x"u8));
        File.CreateSymbolicLink(In("link"), "/dev/null");
        Write("link", "x");
        Assert.Equal("/dev/null", new FileInfo(In("link")).LinkTarget);
        Assert.Contains("\"/dev/full\" cannot be written: No space left", Assert.Throws<IOException>(() => WholeFile.Write("/dev/full", stream => stream.Write("x"u8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_pipe_is_written_to_and_stays_one()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "There is no mkfifo.");
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [In("pipe")]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Task<string> reading = Task.Run(() => File.ReadAllText(In("pipe")), TestContext.Current.CancellationToken);
        Write("pipe", "text");
        Assert.Equal("text", await reading);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_name_may_be_as_long_as_names_can_be()
    {
        string name = new string('n', 252) + ".cs";
        Write(name, "text");
        Assert.Equal("text", File.ReadAllText(In(name)));
        Assert.Contains("cannot be written", Assert.ThrowsAny<IOException>(() => Write("n" + name, "text")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_or_a_missing_folder_is_told_by_the_name_that_the_user_knows()
    {
        Directory.CreateDirectory(In("folder"));
        Exception folder = Assert.ThrowsAny<Exception>(() => Write("folder", "text"));
        Assert.Contains($"The file \"{In("folder")}\" cannot be written: ", folder.Message, StringComparison.Ordinal);
        Exception missing = Assert.ThrowsAny<IOException>(() => Write("missing/file", "text"));
        Assert.Contains($"The file \"{In("missing/file")}\" cannot be written: ", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", folder.Message + missing.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
    }

    private string In(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => WholeFile.Write(In(name), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
