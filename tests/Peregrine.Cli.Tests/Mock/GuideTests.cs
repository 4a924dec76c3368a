// SPDX-License-Identifier: Apache-2.0

using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary>What the guide of mock servers shows first does what it says.</summary>
public sealed partial class GuideTests
{
    [Fact]
    public async Task The_first_call_of_the_guide_gets_the_answer_that_it_shows()
    {
        var root = typeof(GuideTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "RepositoryRoot").Value!;
        var guide = (await File.ReadAllTextAsync(Path.Combine(root, "docs/guides/mock-server.md"), TestContext.Current.CancellationToken)).Replace("\r\n", "\n");
        var request = Call().Match(guide).Groups[1].Value;
        await using var mock = await MockRun.StartAsync(guide.Split("```yaml\n")[1].Split("\n```")[0], "--proto", Path.Combine(root, "examples/SayHello/Protos"));
        Assert.Equal(0, await mock.CallAsync("SayHello/SayHello", request));
        Assert.Equal(["""{"resMessage":"Hello, XiaoMing!"}"""], mock.Responses);
        Assert.Contains("`\"resMessage\": \"Hello, XiaoMing!\"`", guide);
    }

    [GeneratedRegex("peregrine call localhost:9090 SayHello/SayHello -d '(.*?)'")]
    private static partial Regex Call();
}
