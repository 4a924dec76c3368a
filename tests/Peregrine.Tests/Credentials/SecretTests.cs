// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Peregrine.Credentials;
using Peregrine.Diagnostics;
using Peregrine.Tests.Client;
using Peregrine.Tests.Diagnostics;

namespace Peregrine.Tests.Credentials;

/// <summary>
/// No secret in what the library writes of its own accord: every log at every level, every exception's text, every activity, timelines, snapshots. Runs
/// alone, as all activities of the process are listened for.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class SecretTests
{
    private const string Secret = "s3cr3t-of-this-test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(StatusCode.OK)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task A_call_with_a_token_leaves_none_of_it_behind(StatusCode code)
    {
        using var seen = new Seen();
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.LoggerFactory = seen;
        calls.Options.LoggerFactory = seen;
        calls.Options.UnsafeUseInsecureChannelCallCredentials = true;
        calls.Options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromToken(Secret));
        calls.Fixture.Options.Authorization = context =>
        {
            Assert.Equal($"Bearer {Secret}", context.RequestHeaders.GetValue("authorization"));
            Assert.Equal(Secret, context.RequestHeaders.GetValue("x-api-key"));
            seen.Add(string.Join(' ', context.RequestHeaders));
            seen.Add(context.RequestHeaders.ToString());
            seen.Add(context.ToString());
            return ValueTask.FromResult(code switch
            {
                StatusCode.OK => AuthorizationResult.Allowed,
                StatusCode.Unauthenticated => AuthorizationResult.Unauthenticated("no"),
                _ => AuthorizationResult.Denied("no"),
            });
        };
        _ = await calls.StartAsync((_, _) => throw new InvalidOperationException("the handler fails"));
        var call = calls.CallAsync(options: new CallOptions(credentials: CallCredentials.FromHeader("x-api-key", Secret)));
        var failure = await ClientTestBase.FailsAsync(call, code == StatusCode.OK ? StatusCode.Unknown : code);
        seen.Add(failure);
        await calls.DisposeAsync();
        seen.HasNothingOf(Secret);
    }

    [Fact]
    public async Task Failing_credentials_leave_none_of_their_secrets_behind()
    {
        using var seen = new Seen();
        using var refusing = new Refusing();
        using var http = new HttpClient(refusing);
        var client = new OAuth2Client(new OAuth2ClientOptions
        {
            TokenEndpoint = new Uri("https://id.example/token"),
            ClientId = "reports",
            ClientSecret = Secret,
            HttpClient = http,
        });
        await using var calls = new ObservedCalls();
        calls.Options.LoggerFactory = seen;
        var source = new TokenSource(client.GetTokenAsync, new TokenSourceOptions { LoggerFactory = seen });
        calls.Options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromTokenSource(source));
        calls.Options.UnsafeUseInsecureChannelCallCredentials = true;
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        var failure = await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.Unauthenticated);
        Assert.Contains("invalid_client", failure.Status.Detail, StringComparison.Ordinal);
        seen.Add(failure);
        seen.Add(client.ToString());
        seen.Add(source.ToString());
        seen.HasNothingOf(Secret);
        Assert.Contains(seen.Texts, text => text.Contains("Fetching an access token failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_fetched_and_refused_by_a_server_is_in_no_log()
    {
        using var seen = new Seen();
        var time = new ManualTime();
        var fetched = 0;
        var source = new TokenSource(
            _ => Task.FromResult(new AccessToken($"{Secret}{++fetched}", time.GetUtcNow() + TimeSpan.FromHours(1))),
            new TokenSourceOptions { LoggerFactory = seen, TimeProvider = time });
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.Authorization = context => ValueTask.FromResult(
            context.RequestHeaders.GetValue("authorization") == $"Bearer {Secret}2" ? AuthorizationResult.Allowed : AuthorizationResult.Unauthenticated("revoked"));
        calls.Options.LoggerFactory = seen;
        calls.Options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromTokenSource(source));
        calls.Options.UnsafeUseInsecureChannelCallCredentials = true;
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));

        // Refused just behind its arrival, it is kept; a minute later it is replaced, and the next call has the new one.
        seen.Add(await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.Unauthenticated));
        Assert.Equal(1, fetched);
        time.Advance(TimeSpan.FromMinutes(1));
        seen.Add(await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.Unauthenticated));
        Assert.Equal("hi", await calls.CallAsync().WaitAsync(Patience));
        Assert.Equal(2, fetched);
        seen.HasNothingOf(Secret);
        Assert.Contains(seen.Texts, text => text.Contains("A server refused the access token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("authorization", true)]
    [InlineData("proxy-authorization", true)]
    [InlineData("cookie", true)]
    [InlineData("set-cookie", true)]
    [InlineData("token", true)]
    [InlineData("x-access-tokens", true)]
    [InlineData("x-api-key", true)]
    [InlineData("apikey", true)]
    [InlineData("client_secret", true)]
    [InlineData("user.password", true)]
    [InlineData("x-goog-iam-authorization-token", true)]
    [InlineData("author", false)]
    [InlineData("x-key", false)]
    [InlineData("primary-key", false)]
    [InlineData("tokenizer", false)]
    [InlineData("user-agent", false)]
    public void Keys_that_announce_a_secret_have_their_values_masked(string key, bool isSecret)
    {
        var entry = new Metadata.Entry(key, "value");
        Assert.Equal(isSecret, entry.IsSecret);
        Assert.Equal($"[Entry: key={key}, value={(isSecret ? "***" : "value")}]", entry.ToString());
    }

    [Fact]
    public void Text_of_a_server_is_on_one_line_of_an_exception_and_cannot_command_a_terminal()
    {
        var status = new Status(StatusCode.Internal, "a\nForged: line\r\u001b[2J\u202eb");
        Assert.Equal("""Status(StatusCode="Internal", Detail="a\nForged: line\r\u001B[2J\u202Eb")""", status.ToString());
        Assert.Equal(status.ToString(), new RpcException(status).Message);
        Assert.Equal("a\nForged: line\r\u001b[2J\u202eb", status.Detail);
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized)
            {
                Content = new StringContent($$"""{"error":"invalid_client","error_description":"{{Secret}} is wrong"}"""),
            });
    }

    /// <summary>Every text that was written: logs at all levels with their exceptions and values, activities with their tags.</summary>
    private sealed class Seen : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _texts = new();
        private readonly ActivityListener _listener;

        public Seen()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == PeregrineDiagnostics.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Add(
                    $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} {string.Join(' ', activity.Events)}"),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IEnumerable<string> Texts => _texts;

        public void Add(string? text) => _texts.Enqueue(text ?? "");

        public void Add(RpcException failure)
        {
            Add(failure.ToString());
            Add(failure.Timeline?.ToString());
            Add(failure.Status.ToString());
            Add(string.Join(' ', failure.Trailers));
            foreach (DictionaryEntry data in failure.Data)
            {
                Add($"{data.Key} {data.Value}");
            }
        }

        public void HasNothingOf(string secret)
        {
            Assert.NotEmpty(_texts);
            Assert.DoesNotContain(_texts, text => text.Contains(secret, StringComparison.Ordinal));
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            Add($"{formatter(state, exception)} {values} {exception}");
        }

        public void Dispose() => _listener.Dispose();
    }
}
