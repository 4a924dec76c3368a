// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Peregrine.Build.Tests;

/// <summary>A user's projects in a new folder outside the repository, with a blank and an umlaut in its path.</summary>
internal sealed class ScratchTree : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("peregrine build ü ").FullName;

    /// <summary>Makes the folder and what all of its projects import, as a package reference would.</summary>
    public ScratchTree()
    {
        var build = Path.Combine(RepositoryRoot(), "src", "Peregrine.Build", "build");
        var here = AppContext.BaseDirectory;
        Write("Directory.Build.props", $"""
            <Project>
              <Import Project="{build}/Peregrine.Build.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <PeregrineBuildTool>{here}Peregrine.Build.dll</PeregrineBuildTool>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{here}Peregrine.Protobuf.dll" />
              </ItemGroup>
            </Project>
            """);
        Write("Directory.Build.targets", $"""
            <Project>
              <Import Project="{build}/Peregrine.Build.targets" />
            </Project>
            """);
    }

    /// <summary>Writes the project file of the project <paramref name="name"/>, which is a folder.</summary>
    public void Project(string name, string items) =>
        Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);

    /// <summary>Writes a file.</summary>
    public void Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The full path of a file of the tree.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(_root, name));

    /// <summary>The full path of a file below a project's folder, or null if there is none of that name.</summary>
    public string? Find(string project, string name) =>
        Directory.EnumerateFiles(PathOf(project), name, SearchOption.AllDirectories).FirstOrDefault();

    /// <summary>The time of the last run that compiled .proto files of a project.</summary>
    public DateTime LastRun(string project) =>
        File.GetLastWriteTimeUtc(Find(project, project + ".protobuf.hashes") ?? throw new FileNotFoundException("No run yet."));

    /// <summary>Runs "dotnet build"; fails the test with the log if the exit code is not as expected.</summary>
    public async Task<string> Build(bool succeeds, string project, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = PathOf(project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in (string[])["build", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-tl:off", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // The tests run under a build of their own: its settings must not leak into this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("ArtifactsPath");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var log = output + await errors;
        Assert.True(process.ExitCode == 0 == succeeds, log);
        return log;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string RepositoryRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
