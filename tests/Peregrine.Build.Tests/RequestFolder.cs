// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Build.Tests;

/// <summary>A folder with .proto files and a request, as the targets write it, that is run in this process.</summary>
internal sealed class RequestFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("peregrine request ").FullName;
    private readonly List<string> _lines = [];

    /// <summary>The fields of the second line: what the project says about warnings.</summary>
    public string Warnings { get; set; } = "";

    /// <summary>The full path of a file of the folder.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(_root, name));

    /// <summary>Writes a file.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Adds an item of the project, which is the folder <c>app</c>.</summary>
    public void Item(string file, string metadata = "") => Line($"file={PathOf(file)}\t{metadata.Replace(' ', '\t')}");

    /// <summary>Adds a line.</summary>
    public void Line(string line) => _lines.Add(line.TrimEnd('\t'));

    /// <summary>Forgets the lines.</summary>
    public void Clear() => _lines.Clear();

    /// <summary>Runs the request.</summary>
    /// <returns>Whether it succeeded, and what it printed.</returns>
    public (bool Success, string Log) Run()
    {
        Directory.CreateDirectory(PathOf("app/obj"));
        var request = PathOf("app/obj/app.protobuf.request");
        File.WriteAllLines(request, [$"project={PathOf("app")}\toutput=obj/\tstate=obj/app.protobuf\tassets={(File.Exists(PathOf("app/obj/project.assets.json")) ? "obj/project.assets.json" : "")}", $"framework=net10.0\t{Warnings}".TrimEnd('\t'), .. _lines]);
        using var log = new StringWriter();
        try
        {
            return (new ProtobufBuild(BuildRequest.Read(request), log).Run(), log.ToString());
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return (false, exception.Message);
        }
    }

    /// <summary>The lines of one of the lists that a run leaves.</summary>
    public string[] Lines(string name) => File.ReadAllLines(PathOf("app/obj/app.protobuf." + name));

    /// <summary>The paths of one of the lists that a run leaves, relative to the folder.</summary>
    public List<string> List(string name) =>
        [.. Lines(name).Select(line => Path.GetRelativePath(_root, Path.GetFullPath(line, PathOf("app"))).Replace('\\', '/'))];

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
