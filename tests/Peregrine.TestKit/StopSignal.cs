// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Peregrine.TestKit;

/// <summary>Waits for Ctrl+C or the request to end.</summary>
public static class StopSignal
{
    public static async Task WaitAsync()
    {
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
    }
}
