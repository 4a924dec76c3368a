// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>The request messages a client writes.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Tells the server that no more messages will come (half-close).</summary>
    /// <returns>A task that ends when the half-close is on its way.</returns>
    Task CompleteAsync();
}
