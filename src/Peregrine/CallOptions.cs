// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Peregrine.Protocol;

namespace Peregrine;

/// <summary>What a caller sets for one call. An immutable value.</summary>
public readonly struct CallOptions
{
    /// <summary>Makes options.</summary>
    /// <param name="headers">The metadata to send.</param>
    /// <param name="deadline">When to give up, in UTC; null for never.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="writeOptions">Options of the request messages.</param>
    /// <param name="propagationToken">The served call from which deadline and cancellation are inherited.</param>
    /// <param name="credentials">Credentials of this call, in addition to the channel's.</param>
    [SuppressMessage("Design", "CA1068", Justification = "The order of the public contract.")]
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>The metadata to send.</summary>
    public Metadata? Headers { get; private init; }

    /// <summary>When to give up, in UTC; null for never. A local or unspecified time is refused when the call starts.</summary>
    public DateTime? Deadline { get; private init; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>Options of the request messages.</summary>
    public WriteOptions? WriteOptions { get; private init; }

    /// <summary>The served call from which deadline and cancellation are inherited.</summary>
    public ContextPropagationToken? PropagationToken { get; private init; }

    /// <summary>Credentials of this call, in addition to the channel's.</summary>
    public CallCredentials? Credentials { get; private init; }

    /// <summary>Whether the call waits for a connection until its deadline instead of failing when there is none.</summary>
    public bool IsWaitForReady { get; private init; }

    /// <summary>
    /// The encoding that compresses the request messages, <c>identity</c> for none; null, the default, for the channel's
    /// (<see cref="Client.GrpcChannelOptions.RequestCompressionAlgorithm"/>). <see cref="WriteFlags.NoCompress"/> leaves single messages as they are.
    /// </summary>
    public string? Compression { get; private init; }

    /// <summary>
    /// The format of the messages, by its content-subtype; null, the default, for the method's own. See <see cref="WithContentSubtype"/>.
    /// </summary>
    public string? ContentSubtype { get; private init; }

    /// <summary>Whether nothing is set.</summary>
    internal bool IsDefault => Headers is null && Deadline is null && !CancellationToken.CanBeCanceled && WriteOptions is null
        && PropagationToken is null && Credentials is null && !IsWaitForReady && Compression is null && ContentSubtype is null;

    /// <summary>These options with other metadata.</summary>
    /// <param name="headers">The metadata to send.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>These options with another deadline.</summary>
    /// <param name="deadline">When to give up, in UTC.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>These options with another cancellation token.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };

    /// <summary>These options with other write options.</summary>
    /// <param name="writeOptions">Options of the request messages.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>These options with another propagation token.</summary>
    /// <param name="propagationToken">The served call from which deadline and cancellation are inherited.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithPropagationToken(ContextPropagationToken propagationToken) =>
        this with { PropagationToken = propagationToken };

    /// <summary>These options with other credentials.</summary>
    /// <param name="credentials">Credentials of this call.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>These options with another encoding of the request messages.</summary>
    /// <param name="encodingName">
    /// The name of one of the channel's compression providers, such as <c>gzip</c>, or <c>identity</c>. A name that the channel does not know
    /// ends the call with INTERNAL; an encoding that the server does not know ends it with UNIMPLEMENTED.
    /// </param>
    /// <returns>A copy.</returns>
    public CallOptions WithCompression(string encodingName) => this with { Compression = encodingName };

    /// <summary>These options with messages in another format.</summary>
    /// <param name="contentSubtype">
    /// The content-subtype of one of the channel's <see cref="Client.GrpcChannelOptions.MessageFormats"/>, such as <c>json</c>. One that the channel does not
    /// know, or that cannot have the method's messages, ends the call with INTERNAL; one that the server does not know ends it with UNIMPLEMENTED.
    /// </param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">It has other characters than letters, digits and <c>.</c>, <c>-</c>, <c>_</c>.</exception>
    public CallOptions WithContentSubtype(string contentSubtype) =>
        this with { ContentSubtype = ContentType.CheckSubtype(contentSubtype, nameof(contentSubtype)) };

    /// <summary>These options, waiting for a connection or not.</summary>
    /// <param name="waitForReady">Whether the call waits for a connection.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
