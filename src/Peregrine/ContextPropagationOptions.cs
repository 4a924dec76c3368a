// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>What a call made by a server handler inherits from the call it serves. Immutable.</summary>
public class ContextPropagationOptions
{
    /// <summary>Deadline and cancellation are inherited.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Makes options.</summary>
    /// <param name="propagateDeadline">Whether the child call ends no later than its parent.</param>
    /// <param name="propagateCancellation">Whether cancelling the parent cancels the child.</param>
    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    /// <summary>Whether the child call ends no later than its parent.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>Whether cancelling the parent cancels the child.</summary>
    public bool IsPropagateCancellation { get; }
}
