// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// The functions behind the four call types: with a state object, so that an engine passes static functions and itself,
/// and one call allocates no delegates.
/// </summary>
internal readonly struct AsyncCallState
{
    private readonly object _responseHeaders; // Task<Metadata>, or Func<object, Task<Metadata>> when there is a state
    private readonly Delegate _getStatus;
    private readonly Delegate _getTrailers;
    private readonly Delegate _dispose;
    private readonly object? _state;

    public AsyncCallState(
        Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        _responseHeaders = responseHeadersAsync;
        _getStatus = getStatusFunc;
        _getTrailers = getTrailersFunc;
        _dispose = disposeAction;
        _state = null;
    }

    public AsyncCallState(
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        _responseHeaders = responseHeadersAsync;
        _getStatus = getStatusFunc;
        _getTrailers = getTrailersFunc;
        _dispose = disposeAction;
        _state = state;
    }

    public Task<Metadata> ResponseHeadersAsync => _responseHeaders is Func<object, Task<Metadata>> get
        ? get(_state!)
        : (Task<Metadata>)_responseHeaders;

    public Status GetStatus() => _getStatus is Func<object, Status> get ? get(_state!) : ((Func<Status>)_getStatus)();

    public Metadata GetTrailers() =>
        _getTrailers is Func<object, Metadata> get ? get(_state!) : ((Func<Metadata>)_getTrailers)();

    public void Dispose()
    {
        if (_dispose is Action<object> withState)
        {
            withState(_state!);
        }
        else
        {
            ((Action)_dispose)();
        }
    }
}
