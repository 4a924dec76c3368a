// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using System.Xml.Linq;
using Peregrine.Cli.Bench;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>What is made of results: the report, and comparisons.</summary>
public sealed class BenchReportTests : IDisposable
{
    private const string Hostile = "</title><script>alert(1)</script>\u001b[31m\u202e&";

    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void The_report_is_one_file_with_charts_and_without_script()
    {
        var html = HtmlReport.Write(Result(callsPerSecond: 1000, latency: 2_000_000));
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Equal(3, html.Split("<svg ").Length - 1);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("src=", html);
        Assert.DoesNotContain("href=", html);
        Assert.DoesNotContain("url(", html);
        Assert.Contains("<b>1,000</b>", html);
        Assert.Contains("<b>2 ms</b>", html);
    }

    [Fact]
    public void The_report_is_well_formed()
    {
        foreach (var html in (string[])[HtmlReport.Write(Result(1000, 2_000_000), Result(900, 2_100_000)), HtmlReport.Write(Empty())])
        {
            // As XML but for the elements that HTML does not close.
            var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
            Assert.DoesNotContain("NaN", body);
            Assert.NotEmpty(XDocument.Parse(body).Root!.Elements());
        }
    }

    [Fact]
    public void What_a_server_says_is_text_in_the_report()
    {
        var result = Result(1000, 2_000_000);
        result.Total.Statuses[StatusCode.Internal] = 1;
        result.Total.Failures.Record(1000);
        result.Total.Details[StatusCode.Internal] = Hostile;
        var html = HtmlReport.Write(result with { Method = Hostile, Address = Hostile, Settings = [new(Hostile, Hostile)] });
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain('\u001b', html);
        Assert.DoesNotContain('\u202e', html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
    }

    [Fact]
    public void A_result_is_read_as_it_was_written()
    {
        var result = Result(1000, 2_000_000);
        _line.Write("one.json", ResultJson.Write(result));
        var read = ResultJson.Read(_line["one.json"]);
        Assert.Equal(result.Total.Calls.Buckets(), read.Total.Calls.Buckets());
        Assert.Equal(result.Total.Messages.Buckets(), read.Total.Messages.Buckets());
        Assert.Equal((result.Seconds, result.Method, result.Address, result.Machine, result.Started), (read.Seconds, read.Method, read.Address, read.Machine, read.Started));
        Assert.Equal(result.Settings, read.Settings);
        Assert.All(RunComparison.Of(result, read).Figures, figure => Assert.Equal(0, figure.Change!.Value, 3e-3));
    }

    [Fact]
    public void Two_results_are_compared_figure_by_figure()
    {
        _line.Write("before.json", ResultJson.Write(Result(1000, 2_000_000)));
        _line.Write("after.json", ResultJson.Write(Result(1500, 1_000_000)));
        Assert.Equal(0, _line.Run("bench-compare", _line["before.json"], _line["after.json"]));
        Assert.Matches(@"calls per second +1,000 +1,500 +\+50\.0 %", _line.Output);
        Assert.Matches(@"latency, 50 % +2 ms +1 ms +-50\.0 %", _line.Output);
        Assert.Equal("", _line.Errors);
    }

    [Theory]
    [InlineData(900, "5", 1)]
    [InlineData(900, "15", 0)]
    [InlineData(1100, "5", 0)]
    public void A_figure_that_is_worse_by_more_than_the_tolerance_fails(double after, string tolerance, int code)
    {
        _line.Write("before.json", ResultJson.Write(Result(1000, 2_000_000)));
        _line.Write("after.json", ResultJson.Write(Result(after, 2_000_000)));
        Assert.Equal(code, _line.Run("bench-compare", _line["before.json"], _line["after.json"], "--tolerance", tolerance));
        Assert.Equal(code == 1, _line.Errors.Contains("calls per second is worse", StringComparison.Ordinal));
    }

    [Fact]
    public void What_some_few_calls_decide_is_shown_and_not_judged()
    {
        var after = Result(10_000, 2_000_000);
        after.Total.Calls.Record(9_000_000, 2);
        _line.Write("before.json", ResultJson.Write(Result(10_000, 2_000_000)));
        _line.Write("after.json", ResultJson.Write(after));
        Assert.Equal(0, _line.Run("bench-compare", _line["before.json"], _line["after.json"], "--tolerance", "5"));
        Assert.Matches(@"latency, 99\.99 % +2 ms +9 ms +\+\d", _line.Output);
        Assert.Matches(@"latency, longest +2 ms +9 ms +\+\d", _line.Output);
    }

    [Fact]
    public void What_the_runs_did_not_do_alike_is_told()
    {
        _line.Write("before.json", ResultJson.Write(Result(1000, 2_000_000)));
        _line.Write("after.json", ResultJson.Write(Result(1000, 2_000_000) with { Settings = [new("connections", "2")] }));
        Assert.Equal(0, _line.Run("bench-compare", _line["before.json"], _line["after.json"], "--json"));
        Assert.Contains("the runs differ in connections: \"1\" before, \"2\" after.", JsonDocument.Parse(_line.Output).RootElement.GetProperty("differences")[0].GetString());
    }

    [Theory]
    [InlineData("{}", "is no result")]
    [InlineData("[1]", "is no result")]
    [InlineData("{\"format\": \"peregrine-bench-1\"}", "is no whole result")]
    [InlineData("""{"format": "peregrine-bench-1", "sent": {"messages": 1, "bytes": 1}, "received": {"messages": 1, "bytes": 1}, "unfinished": 0, "latency": {"buckets": [[]]}}""", "is no whole result")]
    [InlineData("nothing", "is no whole result")]
    public void A_file_that_is_no_result_is_refused(string text, string message)
    {
        _line.Write("x.json", text);
        Assert.Equal(1, _line.Run("bench-compare", _line["x.json"], _line["x.json"]));
        Assert.Contains(message, _line.Errors);
    }

    private static RunResult Empty() => Result(0, 0);

    private static RunResult Result(double callsPerSecond, long latency)
    {
        Recording total = new() { SentMessages = 5, ReceivedMessages = 6, SentBytes = 50, ReceivedBytes = 60 };
        if (callsPerSecond > 0)
        {
            total.Calls.Record(latency, (long)callsPerSecond);
            total.Statuses[StatusCode.OK] = (long)callsPerSecond;
        }

        return new RunResult
        {
            Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Address = "localhost:1",
            Method = "a.B/C",
            Settings = [new("connections", "1")],
            Machine = "a machine",
            Seconds = 1,
            Total = total,
            Timeline = callsPerSecond > 0 ? [new TimelinePoint(0.5, 0.5, 400, 0, 0, latency, latency, latency), new TimelinePoint(1, 0.5, 600, 0, 0, latency, latency, latency)] : [],
        };
    }
}
