// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Interceptors;

namespace Peregrine.Testing;

/// <summary>
/// Makes calls of a server go wrong on demand. An interceptor for any <see cref="GrpcServer"/> (<see cref="GrpcServerOptions.Interceptors"/>);
/// an <see cref="InMemoryServer"/> has one. Each call meets at most one fault: the first, in the order they were added, that is for its
/// method and not used up. Faults come and go while the server runs. Thread-safe.
/// </summary>
/// <param name="timeProvider">The clock of <see cref="Fault.Delay"/>; null, the default, for the system's.</param>
public sealed class FaultInjector(TimeProvider? timeProvider = null) : Interceptor
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private volatile bool _isArmed;
    private int _injected;

    /// <summary>How many calls have met a fault so far.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <summary>Adds a fault for calls that begin from now on.</summary>
    /// <param name="fault">The fault.</param>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_lock)
        {
            _entries.Add(new Entry(fault) { Left = fault.Calls ?? int.MaxValue });
            _isArmed = true;
        }
    }

    /// <summary>Takes all faults away. Calls that met one go on with it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _isArmed = false;
        }
    }

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return Take(context) is { } fault ? RunAsync(fault, context, () => continuation(request, context)) : continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return Take(context) is { } fault ? RunAsync(fault, context, () => continuation(requestStream, context)) : continuation(requestStream, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return Take(context) is { } fault
            ? RunAsync(fault, context, responseStream, responses => continuation(request, responses, context))
            : continuation(request, responseStream, context);
    }

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return Take(context) is { } fault
            ? RunAsync(fault, context, responseStream, responses => continuation(requestStream, responses, context))
            : continuation(requestStream, responseStream, context);
    }

    private async Task<TResponse> RunAsync<TResponse>(Fault fault, ServerCallContext context, Func<Task<TResponse>> handler)
    {
        if (fault.AfterMessages is null)
        {
            await fault.HappenAsync(context, _time).ConfigureAwait(false);
            return await handler().ConfigureAwait(false);
        }

        var response = await handler().ConfigureAwait(false);
        await fault.HappenAsync(context, _time).ConfigureAwait(false);
        return response;
    }

    private async Task RunAsync<TResponse>(
        Fault fault, ServerCallContext context, IServerStreamWriter<TResponse> responses, Func<IServerStreamWriter<TResponse>, Task> handler)
    {
        if (fault.AfterMessages is not { } messages)
        {
            await fault.HappenAsync(context, _time).ConfigureAwait(false);
            await handler(responses).ConfigureAwait(false);
            return;
        }

        var counting = new FaultyStreamWriter<TResponse>(responses, messages, () => fault.HappenAsync(context, _time));
        await handler(counting).ConfigureAwait(false);
        await counting.EndAsync().ConfigureAwait(false);
    }

    private Fault? Take(ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!_isArmed)
        {
            return null;
        }

        lock (_lock)
        {
            var entry = _entries.Find(entry => entry.Left > 0 && (entry.Fault.Method is null || entry.Fault.Method == context.Method));
            if (entry is null)
            {
                return null;
            }

            entry.Left -= entry.Fault.Calls is null ? 0 : 1;
            _injected++;
            return entry.Fault;
        }
    }

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; }
    }
}
