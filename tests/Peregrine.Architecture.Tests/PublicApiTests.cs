// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>
/// The public surface of every shipped library is the one that is checked in below <c>PublicApi</c>. When it changes on purpose,
/// run this test once with the environment variable PEREGRINE_GOLDEN=update, and review the diff.
/// </summary>
public class PublicApiTests
{
    private const string Folder = "tests/Peregrine.Architecture.Tests/PublicApi";

    [Theory]
    [InlineData("Peregrine")]
    [InlineData("Peregrine.Http2")]
    [InlineData("Peregrine.Protobuf")]
    [InlineData("Peregrine.Protobuf.Compiler")]
    [InlineData("Peregrine.Services")]
    [InlineData("Peregrine.Testing")]
    public void The_public_api_is_the_one_checked_in(string library)
    {
        string path = Path.Combine(Repository.Root, Folder, library + ".txt");
        string actual = PublicApiListing.Of(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("PEREGRINE_GOLDEN") == "update")
        {
            File.WriteAllText(path, actual);
            return;
        }

        string[] expectedLines = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] actualLines = actual.TrimEnd('\n').Split('\n');
        Assert.True(
            expectedLines.SequenceEqual(actualLines),
            $"{Folder}/{library}.txt differs. Run once with PEREGRINE_GOLDEN=update if this is meant.\n"
            + Difference("- ", expectedLines, actualLines) + Difference("+ ", actualLines, expectedLines));
    }

    private static string Difference(string sign, string[] lines, string[] others)
    {
        HashSet<string> known = [.. others];
        return string.Concat(lines.Where(line => !known.Contains(line)).Take(40).Select(line => $"{sign}{line.Trim()}\n"));
    }
}
