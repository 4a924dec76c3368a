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
    private readonly object responseHeaders; // Task<Metadata>, or Func<object, Task<Metadata>> when there is a state
    private readonly Delegate getStatus;
    private readonly Delegate getTrailers;
    private readonly Delegate dispose;
    private readonly object? state;

    public AsyncCallState(
        Task<Metadata> responseHeadersAsync, Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        responseHeaders = responseHeadersAsync;
        getStatus = getStatusFunc;
        getTrailers = getTrailersFunc;
        dispose = disposeAction;
        state = null;
    }

    public AsyncCallState(
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        responseHeaders = responseHeadersAsync;
        getStatus = getStatusFunc;
        getTrailers = getTrailersFunc;
        dispose = disposeAction;
        this.state = state;
    }

    public Task<Metadata> ResponseHeadersAsync => responseHeaders is Func<object, Task<Metadata>> get
        ? get(state!)
        : (Task<Metadata>)responseHeaders;

    public Status GetStatus() => getStatus is Func<object, Status> get ? get(state!) : ((Func<Status>)getStatus)();

    public Metadata GetTrailers() =>
        getTrailers is Func<object, Metadata> get ? get(state!) : ((Func<Metadata>)getTrailers)();

    public void Dispose()
    {
        if (dispose is Action<object> withState)
        {
            withState(state!);
        }
        else
        {
            ((Action)dispose)();
        }
    }
}
