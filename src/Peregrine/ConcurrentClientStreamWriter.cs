// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>The requests of a call, for several writers at once.</summary>
internal sealed class ConcurrentClientStreamWriter<T>(IClientStreamWriter<T> stream) : ConcurrentStreamWriter<T>(stream), IClientStreamWriter<T>
{
    private readonly IClientStreamWriter<T> _stream = stream;

    public Task CompleteAsync() => RunInTurn(_stream.CompleteAsync, CancellationToken.None);
}
