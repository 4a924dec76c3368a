// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Interceptors;

/// <summary>
/// A call that starts when an <see cref="AsyncInterceptor"/> says so: what the caller's call object stands for until then, and afterwards.
/// <code>
/// waiting --next--> begun --the call ends, then InterceptAsync--> ended
///    \--the caller gives up, or InterceptAsync throws------------> ended
/// </code>
/// Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The token source has no timer and no linked parents; the call's Dispose is the contract's.")]
internal sealed class DeferredCall
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private readonly AsyncInterceptor _interceptor;
    private readonly AsyncInterceptorContext _context;
    private readonly Deadline _deadline;
    private readonly CancellationTokenSource _givenUp = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<CallOptions, Task>? _start;
    private Task? _call;
    private Task? _response;
    private AsyncCallState _inner;
    private volatile bool _hasInner;
    private volatile bool _isDisposed;
    private int _phase;
    private CancellationTokenRegistration _callerCancellation;
    private CancellationTokenRegistration _parentCancellation;
    private DeadlineTimer? _deadlineTimer;

    /// <exception cref="InvalidOperationException">The deadline is not a UTC time.</exception>
    public DeferredCall(AsyncInterceptor interceptor, IMethod method, string? host, CallOptions options)
    {
        _interceptor = interceptor;
        _context = new AsyncInterceptorContext(method, host, options) { CancellationToken = _givenUp.Token };
        _deadline = Deadline.FromUtc(options.Deadline);
        if (options.PropagationToken?.ParentDeadline is { } parent)
        {
            _deadline = Deadline.Earliest(_deadline, Deadline.FromUtc(parent));
        }
    }

    /// <summary>Completes when the inner call is there; faults when there will be none.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when call and interceptor have; faults with the call's failure.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Is told that the caller gave up a call that has started, by its token, its deadline, the end of the served call it belongs to, or by disposing it:
    /// nobody may read its responses any more. Null where the response is one, which comes by itself.
    /// </summary>
    public Action<RpcException>? OnGivenUp { get; set; }

    /// <summary>Lets the interceptor run.</summary>
    /// <param name="start">Starts the inner call; its task is the call's end.</param>
    public void Start(Func<CallOptions, Task> start)
    {
        _start = start;
        WatchCaller(_context.Options);
        _ = RunAsync();
    }

    /// <summary>The inner call is there. Called by the function given to <see cref="Start"/>.</summary>
    public void SetInner(AsyncCallState inner)
    {
        _inner = inner;
        _hasInner = true;
        Interlocked.MemoryBarrier();
        if (_isDisposed)
        {
            inner.Dispose();
        }
    }

    /// <summary>The one response, when call and interceptor have ended.</summary>
    public Task<TResponse> GetResponseAsync<TResponse>(Func<Task<TResponse>> inner)
    {
        var response = ReadAsync();
        _response = response;
        return response;

        async Task<TResponse> ReadAsync()
        {
            await Ended.ConfigureAwait(false);
            return await inner().ConfigureAwait(false);
        }
    }

    public async Task<Metadata> GetHeadersAsync()
    {
        await Started.ConfigureAwait(false);
        return await _inner.ResponseHeadersAsync.ConfigureAwait(false);
    }

    public Status GetStatus()
    {
        ThrowIfRunning("status");
        return FindFailure() is { } failure ? StatusOf(failure) : _inner.GetStatus();
    }

    public Metadata GetTrailers()
    {
        ThrowIfRunning("trailers");
        return FindFailure() is not { } failure ? _inner.GetTrailers() : RpcExceptionOf(failure)?.Trailers ?? [];
    }

    /// <summary>The caller wants nothing more: a call that runs is cancelled, one that waits never starts.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Interlocked.MemoryBarrier();
        if (_hasInner)
        {
            _inner.Dispose();
        }

        GiveUp(CancellationReason.Disposed, $"The call {_context.Method.FullName} was disposed");
        _ = _response?.ContinueWith(
            static response => response.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The call shall not start any more. One that has started ends by itself; but who waits for it to be read waits no longer.</summary>
    public void GiveUp(CancellationReason reason, string what)
    {
        var code = reason == CancellationReason.Deadline ? StatusCode.DeadlineExceeded : StatusCode.Cancelled;
        switch (Interlocked.CompareExchange(ref _phase, GivenUp, Waiting))
        {
            case Waiting:
                Fail(new RpcException(new Status(code, $"{what} before an interceptor let it start.")) { CancellationReason = reason });

                // Never inline: the canceller's thread shall not run what the interceptor does next.
                _ = _givenUp.CancelAsync();
                break;
            case Begun:
                OnGivenUp?.Invoke(new RpcException(new Status(code, $"{what} before its responses were read.")) { CancellationReason = reason });
                break;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _interceptor.InterceptAsync(_context, NextAsync).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _phase, GivenUp, Waiting) == Waiting)
            {
                throw new InvalidOperationException(
                    $"{_interceptor.GetType()} let the call {_context.Method.FullName} neither start nor fail: call next once, or throw an RpcException.");
            }

            // Also of a call whose end the interceptor did not await, or whose failure it swallowed.
            if (_call is { } call)
            {
                await call.ConfigureAwait(false);
            }

            _ = _ended.TrySetResult();
        }
        catch (Exception e)
        {
            // The interceptor is user code: what it throws, or the call, is what the caller gets.
            _ = Interlocked.CompareExchange(ref _phase, GivenUp, Waiting);
            Fail(e);
            if (_hasInner && _call is { IsCompleted: false })
            {
                _inner.Dispose();
            }
        }
        finally
        {
            StopWatching();
        }
    }

    private Task NextAsync()
    {
        switch (Interlocked.CompareExchange(ref _phase, Begun, Waiting))
        {
            case Begun:
                return Task.FromException(new InvalidOperationException(
                    $"{_interceptor.GetType()} called next a second time for {_context.Method.FullName}; a call starts once."));
            case GivenUp:
                return Task.FromException(new OperationCanceledException(
                    $"The caller gave the call {_context.Method.FullName} up before it started.", _givenUp.Token));
        }

        if (OnGivenUp is null)
        {
            // From here on the inner call minds token and deadline itself.
            StopWatching();
        }

        try
        {
            _call = _start!(_context.Options);
            _ = _started.TrySetResult();
            return _call;
        }
        catch (Exception e)
        {
            // An inner interceptor, or options that cannot be used.
            SetFault(_started, e);
            return Task.FromException(e);
        }
    }

    private void WatchCaller(CallOptions options)
    {
        if (!_deadline.IsNone)
        {
            _deadlineTimer = new DeadlineTimer(
                static call => ((DeferredCall)call).GiveUp(CancellationReason.Deadline, "The deadline of the call passed"),
                this,
                _deadline,
                _interceptor.TimeProvider);
        }

        _callerCancellation = options.CancellationToken.UnsafeRegister(
            static call => ((DeferredCall)call!).GiveUp(CancellationReason.CallerToken, "The call was cancelled by its caller"), this);
        if (options.PropagationToken is { } parent)
        {
            _parentCancellation = parent.ParentCancellationToken.UnsafeRegister(
                static call => ((DeferredCall)call!).GiveUp(
                    CancellationReason.ParentCall, "The served call that this call belongs to was cancelled"), this);
        }
    }

    private void StopWatching()
    {
        _deadlineTimer?.Dispose();
        _ = _callerCancellation.Unregister();
        _ = _parentCancellation.Unregister();
    }

    private void Fail(Exception failure)
    {
        SetFault(_started, failure);
        SetFault(_ended, failure);
    }

    // Seen here: nobody need wait for the start or the end of a call that failed.
    private static void SetFault(TaskCompletionSource source, Exception failure)
    {
        if (source.TrySetException(failure))
        {
            _ = source.Task.Exception;
        }
    }

    private void ThrowIfRunning(string what)
    {
        if (!Ended.IsCompleted && !(_isDisposed && _hasInner))
        {
            throw new InvalidOperationException($"The call {_context.Method.FullName} has not ended; its {what} comes at its end.");
        }
    }

    private Exception? FindFailure() => Ended.IsFaulted ? Ended.Exception.InnerException : null;

    private static RpcException? RpcExceptionOf(Exception failure) => failure as RpcException ?? failure.InnerException as RpcException;

    private static Status StatusOf(Exception failure) => RpcExceptionOf(failure) is { } rpc ? rpc.Status
        : new Status(failure is OperationCanceledException ? StatusCode.Cancelled : StatusCode.Internal, failure.Message, failure);
}
