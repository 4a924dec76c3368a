// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>The responses of a call, for several writers at once.</summary>
internal sealed class ConcurrentServerStreamWriter<T>(IServerStreamWriter<T> stream) : ConcurrentStreamWriter<T>(stream), IServerStreamWriter<T>;
