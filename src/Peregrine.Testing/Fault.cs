// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Testing;

/// <summary>
/// Something that goes wrong with calls on purpose: what happens, to which calls, when. Immutable; made by the methods below and narrowed by
/// <c>with</c>. Given to a <see cref="FaultInjector"/>.
/// </summary>
/// <example>
/// <code>
/// server.Faults.Add(Fault.Status(StatusCode.Unavailable, "down") with { Method = "/shop.Orders/Place", Calls = 2 });
/// server.Faults.Add(Fault.Cut() with { AfterMessages = 3 });
/// server.Faults.Add(Fault.Wait(TimeSpan.FromSeconds(2)));
/// </code>
/// </example>
public sealed record Fault
{
    private readonly Func<ServerCallContext, Task> _happen;
    private readonly string _description;

    private Fault(string description, Func<ServerCallContext, Task> happen)
    {
        _description = description;
        _happen = happen;
    }

    /// <summary>The path of the method whose calls it hits, <c>/package.Service/Method</c>; null, the default, for those of all methods.</summary>
    public string? Method { get; init; }

    /// <summary>How many calls it hits before it is used up; null, the default, for all.</summary>
    public int? Calls { get; init; }

    /// <summary>
    /// When it happens. Null, the default: before the handler, which never learns of the call unless the fault is a mere delay. A number: as
    /// soon as the handler has written that many responses, or in place of the response of a method that has one; the handler has done
    /// its work then.
    /// </summary>
    public int? AfterMessages { get; init; }

    /// <summary>How long the call waits before the fault happens, by the injector's clock; zero by default.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The call ends with a status.</summary>
    /// <param name="code">The code.</param>
    /// <param name="detail">What the client reads as detail.</param>
    /// <param name="trailers">Trailing metadata; none by default.</param>
    /// <returns>The fault.</returns>
    public static Fault Status(StatusCode code, string detail = "", Metadata? trailers = null) => new(
        $"status {code}", _ => Task.FromException(new RpcException(new Peregrine.Status(code, detail), trailers ?? [])));

    /// <summary>The handler throws: what the client sees is for the server to decide.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The fault.</returns>
    public static Fault Throw(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new($"throw {exception.GetType().Name}", _ => Task.FromException(exception));
    }

    /// <summary>The call is reset, without a status (RST_STREAM).</summary>
    /// <param name="code">
    /// The code, which clients turn into a status: INTERNAL for the default, UNAVAILABLE for <see cref="Http2ErrorCode.RefusedStream"/>, which
    /// also says that the call was not processed and may be made again.
    /// </param>
    /// <returns>The fault.</returns>
    public static Fault Reset(Http2ErrorCode code = Http2ErrorCode.InternalError) => new($"reset {code}", context =>
    {
        context.AbortCall(code);
        return Task.FromException(Ended());
    });

    /// <summary>The connection breaks without a farewell: all its calls end with UNAVAILABLE.</summary>
    /// <returns>The fault.</returns>
    public static Fault Cut() => new("cut", context =>
    {
        context.AbortConnection();
        return Task.FromException(Ended());
    });

    /// <summary>Nothing comes any more: the call stays open until its deadline passes or its client gives up.</summary>
    /// <returns>The fault.</returns>
    public static Fault Silence() => new("silence", context => Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken));

    /// <summary>The call is late, and goes on.</summary>
    /// <param name="delay">How late.</param>
    /// <returns>The fault.</returns>
    public static Fault Wait(TimeSpan delay) => new("wait", _ => Task.CompletedTask) { Delay = delay };

    /// <summary>What happens, to which calls, for messages.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{_description} ({Method ?? "any method"})";

    // Throws, unless the call may go on.
    internal async Task HappenAsync(ServerCallContext context, TimeProvider time)
    {
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay, time, context.CancellationToken).ConfigureAwait(false);
        }

        await _happen(context).ConfigureAwait(false);
    }

    private static RpcException Ended() => new(new Peregrine.Status(StatusCode.Cancelled, "A fault ended the call."));
}
