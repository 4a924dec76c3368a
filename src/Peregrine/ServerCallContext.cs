// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine;

/// <summary>
/// A call as its server handler sees it. The public members forward to the protected <c>...Core</c> members, which a
/// transport or a test double overrides. Valid until the handler returns.
/// </summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>Makes the context.</summary>
    protected ServerCallContext()
    {
    }

    /// <summary>The path of the called method: <c>/helloworld.Greeter/SayHello</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The host the client called, its <c>:authority</c>.</summary>
    public string Host => HostCore;

    /// <summary>The address of the client as a gRPC URI, for example <c>ipv4:127.0.0.1:50000</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the client gives up, in UTC; <see cref="DateTime.MaxValue"/> when it never does.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>The metadata the client sent.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client cancels, the deadline passes, the connection breaks or the server stops by force.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>
    /// Why <see cref="CancellationToken"/> was cancelled; <see cref="CancellationReason.None"/> while it is not, and in contexts that do not
    /// know. It stays what it became first, also after the call.
    /// </summary>
    public CancellationReason CancellationReason => CancellationReasonCore;

    /// <summary>The metadata to send with the status at the end of the call.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The status to send when the handler returns; OK unless it is set.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>Options of the response messages; null stands for the server's defaults.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>
    /// Whether the request message that was read last came compressed: the Compressed-Flag of its prefix (gRPC over HTTP/2,
    /// "Length-Prefixed-Message"). False before the first message, and in contexts that do not know.
    /// </summary>
    public bool IsRequestCompressed => IsRequestCompressedCore;

    /// <summary>
    /// The format of the messages that the client chose: <c>json</c> for <c>application/grpc+json</c>; null for protobuf's binary one, and in
    /// contexts that do not know. The responses have the same.
    /// </summary>
    public string? ContentSubtype => ContentSubtypeCore;

    /// <summary>What the transport knows about the identity of the client.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place where interceptors and the handler leave things for each other, living as long as the call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>
    /// Sends the response headers now. Without this call they go with the first response message, or with the status.
    /// </summary>
    /// <param name="responseHeaders">The metadata to send.</param>
    /// <returns>A task that ends when the headers are on their way.</returns>
    /// <exception cref="InvalidOperationException">The headers were sent before.</exception>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>Makes a token with which a call made by this handler inherits its deadline and cancellation.</summary>
    /// <param name="options">What is inherited; everything when null.</param>
    /// <returns>A token for <see cref="CallOptions.PropagationToken"/>.</returns>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) =>
        CreatePropagationTokenCore(options);

    /// <summary>
    /// Ends the call at once and without a status, by RST_STREAM: for calls that are not worth an answer, and for tests of clients. The handler's
    /// token is cancelled, its streams fail, and what it returns has no effect. Of no effect on a call that has ended.
    /// </summary>
    /// <param name="code">
    /// The code, from which clients make their status (gRPC over HTTP/2, "HTTP2 Transport Mapping"): INTERNAL from
    /// <see cref="Http2ErrorCode.InternalError"/>, the default.
    /// </param>
    /// <exception cref="NotSupportedException">The context is of a transport or a test double that cannot.</exception>
    public void AbortCall(Http2ErrorCode code = Http2ErrorCode.InternalError) => AbortCallCore(code);

    /// <summary>
    /// Closes the connection that carries the call, at once and without a farewell: all its calls end, as they do when the network breaks. For
    /// peers that misbehave, and for tests of clients.
    /// </summary>
    /// <exception cref="NotSupportedException">The context is of a transport or a test double that cannot.</exception>
    public void AbortConnection() => AbortConnectionCore();

    /// <summary>Implements <see cref="WriteResponseHeadersAsync"/>.</summary>
    /// <param name="responseHeaders">The metadata to send.</param>
    /// <returns>A task that ends when the headers are on their way.</returns>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);

    /// <summary>Implements <see cref="CreatePropagationToken"/>.</summary>
    /// <param name="options">What is inherited; everything when null.</param>
    /// <returns>The token.</returns>
    protected abstract ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options);

    /// <summary>Implements <see cref="AbortCall"/>; not supported by default.</summary>
    /// <param name="code">The code of the reset.</param>
    protected virtual void AbortCallCore(Http2ErrorCode code) => throw CannotAbort();

    /// <summary>Implements <see cref="AbortConnection"/>; not supported by default.</summary>
    protected virtual void AbortConnectionCore() => throw CannotAbort();

    private NotSupportedException CannotAbort() => new($"{GetType()} cannot abort calls; override {nameof(AbortCallCore)} and {nameof(AbortConnectionCore)}.");

    /// <summary>Implements <see cref="Method"/>.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>Implements <see cref="Host"/>.</summary>
    protected abstract string HostCore { get; }

    /// <summary>Implements <see cref="Peer"/>.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>Implements <see cref="Deadline"/>.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>Implements <see cref="RequestHeaders"/>.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>Implements <see cref="CancellationToken"/>.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>Implements <see cref="CancellationReason"/>; none by default.</summary>
    protected virtual CancellationReason CancellationReasonCore => CancellationReason.None;

    /// <summary>Implements <see cref="ResponseTrailers"/>.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>Implements <see cref="Status"/>.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>Implements <see cref="WriteOptions"/>.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>Implements <see cref="IsRequestCompressed"/>; false by default.</summary>
    protected virtual bool IsRequestCompressedCore => false;

    /// <summary>Implements <see cref="ContentSubtype"/>; null by default.</summary>
    protected virtual string? ContentSubtypeCore => null;

    /// <summary>Implements <see cref="AuthContext"/>.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>Implements <see cref="UserState"/>; by default a dictionary made on first use.</summary>
    protected virtual IDictionary<object, object> UserStateCore => _userState ??= [];
}
