// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Peregrine;

/// <summary>
/// Carries deadline and cancellation of a served call to a call made by its handler; made by
/// <see cref="ServerCallContext.CreatePropagationToken"/>, used in <see cref="CallOptions"/>. Immutable.
/// </summary>
public class ContextPropagationToken
{
    /// <summary>Makes a token, for contexts of one's own; servers make theirs by <see cref="ServerCallContext.CreatePropagationToken"/>.</summary>
    /// <param name="parentDeadline">The deadline of the served call, in UTC; <see cref="DateTime.MaxValue"/> for none.</param>
    /// <param name="parentCancellationToken">The cancellation of the served call.</param>
    /// <param name="options">What is inherited; everything when null.</param>
    [SuppressMessage("Design", "CA1068", Justification = "The token is data here, not the cancellation of the constructor.")]
    public ContextPropagationToken(
        DateTime parentDeadline, CancellationToken parentCancellationToken, ContextPropagationOptions? options)
    {
        options ??= ContextPropagationOptions.Default;
        ParentDeadline = options.IsPropagateDeadline ? parentDeadline : null;
        ParentCancellationToken = options.IsPropagateCancellation ? parentCancellationToken : CancellationToken.None;
    }

    /// <summary>The deadline to inherit; null for none.</summary>
    internal DateTime? ParentDeadline { get; }

    /// <summary>The cancellation to inherit; <see cref="CancellationToken.None"/> for none.</summary>
    internal CancellationToken ParentCancellationToken { get; }
}
