// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>A file to mutate, and how it is compiled.</summary>
/// <param name="Directory">The import root that holds the file and its neighbours.</param>
/// <param name="Path">The import path of the file.</param>
/// <param name="Files">The import paths that a compilation names.</param>
/// <param name="Text">What the file holds.</param>
internal sealed record Seed(string Directory, string Path, IReadOnlyList<string> Files, byte[] Text)
{
    /// <summary>
    /// Reads a folder. A folder of cases has one sub-folder a case, with the files and a <c>cmd.txt</c> whose words ending in
    /// <c>.proto</c> are what is compiled; any other folder is an import root.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sample">Every how many files of an import root one is taken; 1 for all.</param>
    public static IEnumerable<Seed> ReadFolder(string folder, int sample)
    {
        string root = System.IO.Path.GetFullPath(folder);
        List<string> cases = [.. System.IO.Directory.EnumerateFiles(root, "cmd.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (cases.Count == 0)
        {
            int index = 0;
            foreach (string file in ProtoFiles(root))
            {
                if (index++ % sample == 0)
                {
                    string path = ImportPath(root, file);
                    yield return new Seed(root, path, [path], File.ReadAllBytes(file));
                }
            }

            yield break;
        }

        foreach (string command in cases)
        {
            string directory = System.IO.Path.GetDirectoryName(command)!;
            List<string> files = [.. File.ReadAllText(command).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.EndsWith(".proto", StringComparison.Ordinal))];
            foreach (string file in ProtoFiles(directory))
            {
                yield return new Seed(directory, ImportPath(directory, file), files, File.ReadAllBytes(file));
            }
        }
    }

    private static IOrderedEnumerable<string> ProtoFiles(string root) =>
        System.IO.Directory.EnumerateFiles(root, "*.proto", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string ImportPath(string root, string file) => System.IO.Path.GetRelativePath(root, file).Replace('\\', '/');
}
