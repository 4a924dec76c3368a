// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>The context of a call that no server makes: for tests that call a service's methods themselves.</summary>
/// <example>
/// <code>
/// TestServerCallContext context = TestServerCallContext.Create();
/// Book book = await new LibraryService().Lend(new Book { Title = "Moby Dick" }, context);
/// </code>
/// </example>
[SuppressMessage("Design", "CA1068", Justification = "The order of the public contract; the token is data here.")]
public sealed class TestServerCallContext : ServerCallContext
{
    private readonly string _method;
    private readonly string _host;
    private readonly string _peer;
    private readonly DateTime _deadline;
    private readonly Metadata _requestHeaders;
    private readonly CancellationToken _cancellationToken;
    private readonly AuthContext _authContext;
    private readonly ContextPropagationToken? _propagationToken;
    private readonly Func<Metadata, Task>? _writeHeaders;
    private readonly Func<WriteOptions?>? _getWriteOptions;
    private readonly Action<WriteOptions?>? _setWriteOptions;
    private WriteOptions? _writeOptions;

    private TestServerCallContext(
        string method,
        string host,
        DateTime deadline,
        Metadata requestHeaders,
        CancellationToken cancellationToken,
        string peer,
        AuthContext? authContext,
        ContextPropagationToken? propagationToken,
        Func<Metadata, Task>? writeHeaders,
        Func<WriteOptions?>? getWriteOptions,
        Action<WriteOptions?>? setWriteOptions)
    {
        _method = method;
        _host = host;
        _deadline = deadline;
        _requestHeaders = requestHeaders;
        _cancellationToken = cancellationToken;
        _peer = peer;
        _authContext = authContext ?? new AuthContext(null, []);
        _propagationToken = propagationToken;
        _writeHeaders = writeHeaders;
        _getWriteOptions = getWriteOptions;
        _setWriteOptions = setWriteOptions;
    }

    /// <summary>The metadata that the handler gave to <see cref="ServerCallContext.WriteResponseHeadersAsync"/>; null while it has not.</summary>
    public Metadata? ResponseHeaders { get; private set; }

    /// <summary>The code that the handler gave to <see cref="ServerCallContext.AbortCall"/>; null while it has not.</summary>
    public Http2.Http2ErrorCode? AbortCode { get; private set; }

    /// <summary>Whether the handler called <see cref="ServerCallContext.AbortConnection"/>.</summary>
    public bool IsConnectionAborted { get; private set; }

    /// <summary>Makes a context with what the test cares about.</summary>
    /// <param name="requestHeaders">The client's metadata; none by default.</param>
    /// <param name="cancellationToken">Cancelled when the client gives up.</param>
    /// <param name="method">The path of the method.</param>
    /// <param name="host">The host that the client called.</param>
    /// <param name="deadline">When the client gives up, in UTC; null for never.</param>
    /// <param name="peer">The client's address.</param>
    /// <param name="authContext">Who the client is; nobody by default.</param>
    /// <returns>The context.</returns>
    public static TestServerCallContext Create(
        Metadata? requestHeaders = null,
        CancellationToken cancellationToken = default,
        string method = "/test.Service/Method",
        string host = "localhost",
        DateTime? deadline = null,
        string peer = "inproc:test",
        AuthContext? authContext = null) =>
        new(method, host, deadline ?? DateTime.MaxValue, requestHeaders ?? [], cancellationToken, peer, authContext, null, null, null, null);

    /// <summary>Makes a context from all its parts, as existing tests do.</summary>
    /// <param name="method">The path of the method.</param>
    /// <param name="host">The host that the client called.</param>
    /// <param name="deadline">When the client gives up, in UTC.</param>
    /// <param name="requestHeaders">The client's metadata.</param>
    /// <param name="cancellationToken">Cancelled when the client gives up.</param>
    /// <param name="peer">The client's address.</param>
    /// <param name="authContext">Who the client is; null for nobody.</param>
    /// <param name="contextPropagationToken">What <see cref="ServerCallContext.CreatePropagationToken"/> gives; null for one of this context.</param>
    /// <param name="writeHeadersFunc">Takes the response headers, beside <see cref="ResponseHeaders"/>; null for nobody.</param>
    /// <param name="writeOptionsGetter">Reads the write options; null to keep them here.</param>
    /// <param name="writeOptionsSetter">Takes the write options; null to keep them here.</param>
    /// <returns>The context.</returns>
    public static TestServerCallContext Create(
        string method,
        string host,
        DateTime deadline,
        Metadata requestHeaders,
        CancellationToken cancellationToken,
        string peer,
        AuthContext? authContext,
        ContextPropagationToken? contextPropagationToken,
        Func<Metadata, Task>? writeHeadersFunc,
        Func<WriteOptions?>? writeOptionsGetter,
        Action<WriteOptions?>? writeOptionsSetter)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(requestHeaders);
        ArgumentNullException.ThrowIfNull(peer);
        return new(
            method,
            host,
            deadline,
            requestHeaders,
            cancellationToken,
            peer,
            authContext,
            contextPropagationToken,
            writeHeadersFunc,
            writeOptionsGetter,
            writeOptionsSetter);
    }

    /// <inheritdoc/>
    protected override string MethodCore => _method;

    /// <inheritdoc/>
    protected override string HostCore => _host;

    /// <inheritdoc/>
    protected override string PeerCore => _peer;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => _deadline;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => _requestHeaders;

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => _cancellationToken;

    /// <inheritdoc/>
    protected override CancellationReason CancellationReasonCore =>
        _cancellationToken.IsCancellationRequested ? CancellationReason.ResetByPeer : CancellationReason.None;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore { get; } = [];

    /// <inheritdoc/>
    protected override Status StatusCore { get; set; }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore
    {
        get => _getWriteOptions is { } get ? get() : _writeOptions;
        set
        {
            _writeOptions = value;
            _setWriteOptions?.Invoke(value);
        }
    }

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => _authContext;

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (ResponseHeaders is not null)
        {
            throw new InvalidOperationException("The response headers were sent already; they can be sent once, before the first message.");
        }

        ResponseHeaders = responseHeaders;
        return _writeHeaders?.Invoke(responseHeaders) ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        _propagationToken ?? new ContextPropagationToken(_deadline, _cancellationToken, options);

    /// <inheritdoc/>
    protected override void AbortCallCore(Http2.Http2ErrorCode code) => AbortCode ??= code;

    /// <inheritdoc/>
    protected override void AbortConnectionCore() => IsConnectionAborted = true;
}
