// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Credentials;

/// <summary>What a token endpoint answered: a token (RFC 6749 section 5.1), an error (section 5.2), or something else.</summary>
internal sealed class OAuth2Answer
{
    // A token of some kB is large already; an endpoint that is none may answer with anything.
    private const int MaxLength = 256 * 1024;
    private const int MaxErrorLength = 300;

    private readonly HttpStatusCode _status;
    private readonly Dictionary<string, string> _fields;

    private OAuth2Answer(HttpStatusCode status, Dictionary<string, string> fields)
    {
        _status = status;
        _fields = fields;
    }

    /// <summary>Reads the answer; what is no JSON object has no fields.</summary>
    public static async Task<OAuth2Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var bytes = new byte[MaxLength];
            var length = await body.ReadAtLeastAsync(bytes, MaxLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return new OAuth2Answer(response.StatusCode, length == MaxLength ? [] : Parse(bytes.AsMemory(0, length)));
        }
    }

    /// <summary>The token.</summary>
    /// <param name="endpoint">Who answered.</param>
    /// <param name="sentAt">From when its lifetime counts, to be on the safe side: when the request was sent.</param>
    /// <param name="secrets">What the request told in confidence, and the endpoint may repeat in an error.</param>
    /// <exception cref="HttpRequestException">It is none.</exception>
    public AccessToken ToToken(Uri endpoint, DateTimeOffset sentAt, IReadOnlyList<string> secrets)
    {
        if (_status != HttpStatusCode.OK)
        {
            throw Failure(endpoint, $"refused with HTTP {(int)_status}{ErrorText(secrets)}");
        }

        if (!_fields.TryGetValue("access_token", out var value))
        {
            throw Failure(endpoint, "answered with HTTP 200 but no JSON object that has an access_token");
        }

        // RFC 6749 section 7.1: a client must not use a token of a type that it does not understand.
        if (!_fields.TryGetValue("token_type", out var type) || !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw Failure(endpoint, "gave a token of another type than Bearer");
        }

        try
        {
            return new AccessToken(value, ExpiryOf(sentAt));
        }
        catch (ArgumentException)
        {
            throw Failure(endpoint, "gave a token with characters that no header can have");
        }
    }

    // Some endpoints write the number as a string.
    private DateTimeOffset? ExpiryOf(DateTimeOffset sentAt) =>
        _fields.TryGetValue("expires_in", out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < int.MaxValue
            ? sentAt + TimeSpan.FromSeconds(seconds)
            : null;

    private string ErrorText(IReadOnlyList<string> secrets)
    {
        var text = (_fields.GetValueOrDefault("error"), _fields.GetValueOrDefault("error_description")) switch
        {
            (null, _) => "",
            ({ } error, null) => $": {error}",
            ({ } error, { } description) => $": {error} ({description})",
        };
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, SecretKeys.Mask, StringComparison.Ordinal);
        }

        text = PrintableText.Escape(text);
        return text.Length <= MaxErrorLength ? text : text[..MaxErrorLength] + "...";
    }

    private HttpRequestException Failure(Uri endpoint, string what) =>
        new($"The token endpoint {endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)} {what}.", inner: null, _status);

    private static Dictionary<string, string> Parse(ReadOnlyMemory<byte> text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in json.RootElement.EnumerateObject())
                {
                    if (field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                    {
                        fields[field.Name] = field.Value.ToString();
                    }
                }
            }
        }
        catch (JsonException)
        {
            // An error page, most often.
        }

        return fields;
    }
}
