// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Xunit;

namespace Peregrine.Architecture.Tests;

/// <summary>Rules that the source text itself must keep.</summary>
public partial class SourceRuleTests
{
    private const int MostLines = 800;

    // Words that say nothing. Names fixed by the public contract or by a standard are listed with their word.
    private static readonly string[] BannedWords =
        ["Helper", "Helpers", "Util", "Utils", "Utility", "Manager", "Common", "Misc", "Impl", "Core", "Internal"];

    private static readonly HashSet<string> ContractNames =
        ["HealthServiceImpl", "ReflectionServiceImpl", "ReflectionV1ServiceImpl"];

    [Fact]
    public void No_hand_written_file_is_longer_than_800_lines()
    {
        IEnumerable<string> tooLong =
            from file in Repository.HandWrittenFiles("src", "tests", "examples", "bench")
            let lines = Repository.Read(file).Count(c => c == '\n')
            where lines > MostLines
            select $"{file}: {lines} lines";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_type_or_file_name_holds_a_banned_word()
    {
        IEnumerable<string> typeNames =
            from file in Repository.HandWrittenFiles("src")
            from match in TypeDeclaration().Matches(Repository.Read(file))
            select match.Groups[1].Value;
        IEnumerable<string> fileNames = Repository.HandWrittenFiles("src").Select(Path.GetFileNameWithoutExtension)!;
        IEnumerable<string> banned = typeNames.Concat(fileNames).Distinct()
            .Where(name => !ContractNames.Contains(name) && PascalWord().Matches(name).Any(w => BannedWords.Contains(w.Value)));
        Assert.Empty(banned);
    }

    [Fact]
    public void Every_source_file_begins_with_its_licence()
    {
        Assert.All(
            Repository.HandWrittenFiles("src", "tests", "examples", "bench"),
            file => Assert.StartsWith("// SPDX-License-Identifier: Apache-2.0\n", Repository.Read(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_id_of_a_message_of_the_compiler_belongs_to_one_message()
    {
        List<(string Id, string Message)> uses = [];
        foreach (string file in Repository.HandWrittenFiles("src/Peregrine.Protobuf.Compiler/Diagnostics").Where(f => f.EndsWith("Messages.cs", StringComparison.Ordinal)))
        {
            string method = "";
            foreach (Match match in MessageOrId().Matches(Repository.Read(file)))
            {
                method = match.Groups[1].Success ? $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}" : method;
                if (match.Groups[2].Success)
                {
                    uses.Add((match.Groups[2].Value, method));
                }
            }
        }

        Assert.NotEmpty(uses);
        Assert.Empty(from use in uses.Distinct() group use.Message by use.Id into messages where messages.Count() > 1 select $"{messages.Key}: {string.Join(", ", messages)}");
    }

    [Fact]
    public void Nothing_is_left_unfinished_in_the_sources()
    {
        IEnumerable<string> marks =
            from file in Repository.HandWrittenFiles("src")
            where UnfinishedMark().IsMatch(Repository.Read(file))
            select file;
        Assert.Empty(marks);
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"static void (\w+)\(|""(PRG\d{4})""")]
    private static partial Regex MessageOrId();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex PascalWord();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex UnfinishedMark();
}
