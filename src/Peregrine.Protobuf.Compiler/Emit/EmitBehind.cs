// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>Makes the descriptors of complete files on other threads, while further files are being lowered.</summary>
/// <param name="forms">Which forms to make; null to make none now.</param>
/// <param name="threads">How many threads there are in all; with one, everything is done at once.</param>
internal sealed class EmitBehind(DescriptorForms? forms, int threads)
{
    // A file that waits keeps its tree in memory; when these many wait, the thread that lowers lends a hand.
    private const int MaxWaiting = 8;

    private readonly List<Task> _tasks = [];
    private int _waiting;

    /// <summary>Takes over a file; its symbols must not change any more.</summary>
    public void Add(CompiledFile file)
    {
        if (forms is not { } wanted)
        {
            return;
        }

        if (threads == 1 || Volatile.Read(ref _waiting) >= MaxWaiting)
        {
            file.Complete(wanted);
            return;
        }

        Interlocked.Increment(ref _waiting);
        _tasks.Add(Task.Run(() =>
        {
            file.Complete(wanted);
            Interlocked.Decrement(ref _waiting);
        }));
    }

    /// <summary>Waits until everything is made.</summary>
    public void Complete() => Task.WaitAll(_tasks);
}
