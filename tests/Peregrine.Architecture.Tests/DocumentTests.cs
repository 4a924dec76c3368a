// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>What the documents say about the tree is true.</summary>
public partial class DocumentTests
{
    private static readonly string[] SourceFolders =
        ["", .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(d => "src/" + Path.GetFileName(d))];

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/ARCHITECTURE.md")]
    [InlineData("docs/error-style.md")]
    [InlineData("docs/known-gaps.md")]
    public void Every_file_and_folder_that_a_document_names_exists(string document)
    {
        string text = Fence().Replace(Repository.Read(document), "");
        IEnumerable<string> missing =
            from match in QuotedPath().Matches(text)
            let path = match.Groups[1].Value.TrimEnd('/')
            where !SourceFolders.Any(folder => Exists(Path.Combine(folder, path)))
            select path;
        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        IEnumerable<string> broken =
            from path in Directory.EnumerateFiles(Repository.Root, "*.md")
                .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            from match in Link().Matches(File.ReadAllText(path))
            let target = match.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal)
                && !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target.Split('#')[0]))
            select $"{Path.GetRelativePath(Repository.Root, path)} -> {target}";
        Assert.Empty(broken);
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // `folder/` or `folder/File.cs`, with wildcards and placeholders left out.
    [GeneratedRegex(@"`((?:[\w.-]+/)+[\w.-]*)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
