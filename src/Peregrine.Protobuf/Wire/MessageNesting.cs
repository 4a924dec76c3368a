// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// Turns nesting that would overflow the stack, which ends the process, into an exception. Input is bounded by the
/// recursion limit of its reader; this bounds what programs build themselves: a list of a million links, or a message that
/// was put into itself. Generated code asks in the methods of the types that can contain themselves.
/// </summary>
public static class MessageNesting
{
    /// <summary>Checks that there is stack for another level.</summary>
    /// <exception cref="InvalidOperationException">There is not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            ThrowTooDeep();
        }
    }

    private static void ThrowTooDeep() => throw new InvalidOperationException(
        "The message nests too deeply for the stack of this thread, or contains itself. "
        + $"Readers refuse more than {WireReaderOptions.DefaultRecursionLimit} levels: use a repeated field instead of a chain of messages.");
}
