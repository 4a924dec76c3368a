// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Peregrine.Build.Tests;

/// <summary>A user's project in a new folder outside the repository, with a blank and an umlaut in its path.</summary>
internal sealed class ScratchProject : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("peregrine build ü ").FullName;

    /// <summary>Makes the project.</summary>
    /// <param name="items">The Protobuf items, as XML.</param>
    public ScratchProject(string items)
    {
        SetItems(items);
        // Nothing of the folders above applies.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
    }

    /// <summary>The project's directory.</summary>
    public string ProjectDirectory => Path.Combine(_root, "my project");

    /// <summary>Writes the project file.</summary>
    public void SetItems(string items)
    {
        var build = Path.Combine(RepositoryRoot(), "src", "Peregrine.Build", "build");
        var here = AppContext.BaseDirectory;
        Write("Scratch.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{build}/Peregrine.Build.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <PeregrineBuildTool>{here}Peregrine.Build.dll</PeregrineBuildTool>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{here}Peregrine.Protobuf.dll" />
                {items}
              </ItemGroup>
              <Import Project="{build}/Peregrine.Build.targets" />
            </Project>
            """);
    }

    /// <summary>Writes a file below the project's directory.</summary>
    public void Write(string name, string text)
    {
        var path = Path.GetFullPath(Path.Combine(ProjectDirectory, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The full path of a generated file, or null if there is none of that name.</summary>
    public string? Find(string name) =>
        Directory.EnumerateFiles(ProjectDirectory, name, SearchOption.AllDirectories).FirstOrDefault();

    /// <summary>The time of the last run that compiled .proto files.</summary>
    public DateTime LastRun() => File.GetLastWriteTimeUtc(Find("Scratch.protobuf.outputs") ?? throw new FileNotFoundException("No run yet."));

    /// <summary>Runs a target; fails the test with the log if the exit code is not as expected.</summary>
    public async Task<string> Run(bool succeeds, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = ProjectDirectory,
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
