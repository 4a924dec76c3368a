// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Responses that have failed already.</summary>
internal static class Failed
{
    public static Task<T> With<T>(RpcException error)
    {
        var task = Task.FromException<T>(error);

        // Seen here, so that a call that nobody awaits raises no UnobservedTaskException.
        _ = task.Exception;
        return task;
    }
}
