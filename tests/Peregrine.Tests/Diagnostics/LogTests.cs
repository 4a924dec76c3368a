// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Diagnostics;

/// <summary>What is logged of calls and connections, and that its ids are what users filter by.</summary>
public class LogTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    [Fact]
    public async Task A_call_that_fails_is_logged_by_both_sides()
    {
        using var log = new Recorder();
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.LoggerFactory = log;
        calls.Options.LoggerFactory = log;
        _ = await calls.StartAsync((_, _) => throw new RpcException(new Status(StatusCode.NotFound, "no such name")));
        _ = await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.NotFound);

        Assert.Contains("A call of /test.Svc/Unary from ipv4:127.0.0.1:", await log.EventAsync(110), StringComparison.Ordinal);
        var client = await log.EventAsync(1100);
        Assert.StartsWith("Debug Peregrine.Client.GrpcChannel: The call /test.Svc/Unary to 'http://localhost:", client, StringComparison.Ordinal);
        Assert.Contains("ended with NotFound: no such name", client, StringComparison.Ordinal);
        Assert.Contains("is connected", await log.EventAsync(109), StringComparison.Ordinal);
        Assert.Contains("is connected", await log.EventAsync(1000), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_an_unknown_method_is_logged_as_refused()
    {
        using var log = new Recorder();
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.LoggerFactory = log;
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        var missing = new Method<string, string>(MethodType.Unary, "a.B", "C", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        _ = await ClientTestBase.FailsAsync(calls.Invoker.AsyncUnaryCall(missing, null, default, "x").ResponseAsync, StatusCode.Unimplemented);
        Assert.Contains("was refused with Unimplemented: The method /a.B/C", await log.EventAsync(111), StringComparison.Ordinal);
    }

    [Fact]
    public void Event_ids_are_unique_and_stand_in_the_guide()
    {
        var events =
            from type in typeof(GrpcChannel).Assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
            select (attribute.EventId, attribute.Level, method.Name);
        var all = events.ToArray();
        Assert.NotEmpty(all);
        Assert.Equal(all.Length, all.Select(one => one.EventId).Distinct().Count());

        var guide = File.ReadAllLines(Path.Combine(RepositoryRoot(), "docs", "guides", "observation.md"));
        var documented = guide.Where(line => line.StartsWith("| 1", StringComparison.Ordinal)).Select(line => string.Join(' ', line.Split('|', StringSplitOptions.TrimEntries)[1..4]));
        Assert.Equal(
            all.OrderBy(one => one.EventId).Select(one => $"{one.EventId} {one.Name} {one.Level}"),
            documented);
    }

    private static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Peregrine.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return directory;
    }

    /// <summary>Keeps every event at any level.</summary>
    internal sealed class Recorder : ILoggerFactory, ILoggerProvider
    {
        private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _events = new();

        public Task<string> EventAsync(int id) => Of(id).Task.WaitAsync(Patience);

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private TaskCompletionSource<string> Of(int id) =>
            _events.GetOrAdd(id, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

        private sealed class Logger(Recorder owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                _ = owner.Of(eventId.Id).TrySetResult($"{logLevel} {category}: {formatter(state, exception)}");
        }
    }
}
