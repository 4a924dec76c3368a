// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>The response messages a server handler writes. The stream ends when the handler returns.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
