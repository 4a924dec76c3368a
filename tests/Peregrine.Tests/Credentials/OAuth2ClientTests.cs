// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

/// <summary>RFC 6749 section 4.4 and RFC 7523 section 2.1, and what of them is never shown.</summary>
public sealed class OAuth2ClientTests : IDisposable
{
    private const string Secret = "p%s:s w+rd";
    private readonly ManualTime _time = new();
    private readonly Endpoint _endpoint = new();
    private readonly HttpClient _http;

    public OAuth2ClientTests() => _http = new HttpClient(_endpoint);

    [Fact]
    public async Task The_client_credentials_grant_sends_id_and_secret_by_Basic_and_reads_token_and_expiry()
    {
        var client = Client(options =>
        {
            options.Scopes.Add("orders.read");
            options.Scopes.Add("orders.write");
            options.Parameters.Add("audience", "https://orders");
        });
        var token = await client.GetTokenAsync(CancellationToken.None);
        Assert.Equal("tok", token.Value);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(3600), token.ExpiresAt);
        Assert.Equal("grant_type=client_credentials&audience=https%3A%2F%2Forders&scope=orders.read+orders.write", _endpoint.Body);

        // Both are form-encoded inside of Basic.
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("re%3Aports:p%25s%3As+w%2Brd")), _endpoint.Authorization);
        Assert.Equal("application/x-www-form-urlencoded", _endpoint.ContentType);
    }

    [Fact]
    public async Task The_secret_goes_into_the_form_when_the_endpoint_wants_that()
    {
        _ = await Client(options => options.ClientAuthentication = OAuth2ClientAuthentication.Post).GetTokenAsync(CancellationToken.None);
        Assert.Null(_endpoint.Authorization);
        Assert.Equal("grant_type=client_credentials&client_id=re%3Aports&client_secret=p%25s%3As+w%2Brd", _endpoint.Body);
    }

    [Fact]
    public async Task An_assertion_is_exchanged_without_id_and_secret()
    {
        var client = new OAuth2Client(new OAuth2ClientOptions { TokenEndpoint = new Uri("https://id.example/token"), HttpClient = _http });
        Assert.Equal("tok", (await client.ExchangeAsync(new AccessToken("a.b.c"), CancellationToken.None)).Value);
        Assert.Equal("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c", _endpoint.Body);
        Assert.Null(_endpoint.Authorization);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_error_of_the_endpoint_is_told_on_one_line_without_the_secret_that_it_repeats()
    {
        _endpoint.Status = HttpStatusCode.Unauthorized;
        _endpoint.Answer = $$"""{"error": "invalid_client", "error_description": "no client with {{Secret}}\n\u001b[2Jforged line"}""";
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetTokenAsync(CancellationToken.None));
        Assert.Equal(
            """The token endpoint https://id.example/token refused with HTTP 401: invalid_client (no client with ***\n\u001B[2Jforged line).""", refused.Message);
        Assert.Equal(StatusCode.Unauthenticated, CredentialsFailure.CodeOf(refused));
    }

    [Theory]
    [InlineData(503, "busy", "refused with HTTP 503.", StatusCode.Unavailable)]
    [InlineData(429, "{}", "refused with HTTP 429.", StatusCode.Unavailable)]
    [InlineData(400, """{"error":"invalid_scope"}""", "refused with HTTP 400: invalid_scope.", StatusCode.Unauthenticated)]
    [InlineData(302, "", "refused with HTTP 302.", StatusCode.Unauthenticated)]
    [InlineData(200, "<html>", "answered with HTTP 200 but no JSON object that has an access_token.", StatusCode.Unauthenticated)]
    [InlineData(200, """["access_token"]""", "answered with HTTP 200 but no JSON object that has an access_token.", StatusCode.Unauthenticated)]
    [InlineData(200, """{"access_token":"t","token_type":"mac"}""", "gave a token of another type than Bearer.", StatusCode.Unauthenticated)]
    [InlineData(200, """{"access_token":"t","expires_in":1}""", "gave a token of another type than Bearer.", StatusCode.Unauthenticated)]
    [InlineData(200, """{"access_token":"t t","token_type":"Bearer"}""", "gave a token with characters that no header can have.", StatusCode.Unauthenticated)]
    public async Task Answers_that_are_no_token_are_named(int status, string answer, string message, StatusCode code)
    {
        _endpoint.Status = (HttpStatusCode)status;
        _endpoint.Answer = answer;
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetTokenAsync(CancellationToken.None));
        Assert.Equal($"The token endpoint https://id.example/token {message}", refused.Message);
        Assert.Equal(code, CredentialsFailure.CodeOf(refused));
    }

    [Theory]
    [InlineData("""{"access_token":"t","token_type":"bearer","expires_in":"60"}""", 60)]
    [InlineData("""{"access_token":"t","token_type":"BEARER"}""", null)]
    [InlineData("""{"access_token":"t","token_type":"Bearer","expires_in":-1}""", null)]
    [InlineData("""{"access_token":"t","token_type":"Bearer","expires_in":"soon"}""", null)]
    public async Task The_expiry_may_be_written_as_text_or_be_missing(string answer, int? seconds)
    {
        _endpoint.Answer = answer;
        var token = await Client().GetTokenAsync(CancellationToken.None);
        Assert.Equal(_time.GetUtcNow() + (seconds is { } s ? TimeSpan.FromSeconds(s) : null), token.ExpiresAt);
    }

    [Fact]
    public async Task An_HttpClient_that_follows_redirects_is_refused()
    {
        _endpoint.RedirectsTo = new Uri("https://elsewhere.example/token?tenant=1");
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetTokenAsync(CancellationToken.None));
        Assert.Contains("https://id.example/token redirects to 'elsewhere.example'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AllowAutoRedirect = false", refused.Message, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unauthenticated, CredentialsFailure.CodeOf(refused));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        _endpoint.Answer = "{\"access_token\":\"" + new string('x', 1 << 20) + "\",\"token_type\":\"Bearer\"}";
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetTokenAsync(CancellationToken.None));
        Assert.Contains("no JSON object", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://id.example/token", "use https")]
    [InlineData("ftp://127.0.0.1/token", "use https")]
    [InlineData("https://user:hidden@id.example/token", "holds a name or password")]
    [InlineData("/token", "not a whole URL")]
    public void Endpoints_to_which_no_secret_should_go_are_refused(string url, string reason)
    {
        var refused = Assert.Throws<ArgumentException>(() => new OAuth2Client(new OAuth2ClientOptions { TokenEndpoint = new Uri(url, UriKind.RelativeOrAbsolute) }));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_is_for_this_machine_and_parameters_of_the_request_cannot_be_replaced()
    {
        _ = new OAuth2Client(new OAuth2ClientOptions { TokenEndpoint = new Uri("http://127.0.0.1:1/token") });
        Assert.Throws<ArgumentException>(() => Client(options => options.Parameters.Add("grant_type", "password")));
        Assert.DoesNotContain("reports", Client().ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http.Dispose();
        _endpoint.Dispose();
    }

    private OAuth2Client Client(Action<OAuth2ClientOptions>? configure = null)
    {
        var options = new OAuth2ClientOptions
        {
            TokenEndpoint = new Uri("https://id.example/token?tenant=1"),
            ClientId = "re:ports",
            ClientSecret = Secret,
            HttpClient = _http,
            TimeProvider = _time,
        };
        configure?.Invoke(options);
        return new OAuth2Client(options);
    }

    private sealed class Endpoint : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string Answer { get; set; } = """{"access_token":"tok","token_type":"Bearer","expires_in":3600}""";

        /// <summary>Where a redirect has led, as <see cref="HttpClientHandler"/> leaves it in the request; null for none.</summary>
        public Uri? RedirectsTo { get; set; }

        public string? Body { get; private set; }

        public string? Authorization { get; private set; }

        public string? ContentType { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(HttpMethod.Post, request.Method);
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            Authorization = request.Headers.Authorization?.ToString();
            ContentType = request.Content.Headers.ContentType?.MediaType;
            request.RequestUri = RedirectsTo ?? request.RequestUri;
            return new HttpResponseMessage(Status) { Content = new StringContent(Answer, Encoding.UTF8, "application/json"), RequestMessage = request };
        }
    }
}
