// SPDX-License-Identifier: Apache-2.0

using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Cli.Mock;

/// <summary>What a rule breaks on purpose.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="After">Behind so many responses of the rule.</param>
/// <param name="Code">Of a reset its code.</param>
internal sealed record RuleFault(RuleFaultKind Kind, int After, Http2ErrorCode Code)
{
    // A tag of field 1 without its value; one of wire type 7, which does not exist.
    private const byte LonelyTag = 0x08;
    private const byte NoWireType = 0x07;

    /// <summary>Whether a message comes all the same, but not as it was.</summary>
    public bool IsOfMessage => Kind is RuleFaultKind.Truncate or RuleFaultKind.Corrupt;

    /// <summary>The message as it is sent: no parser takes it.</summary>
    public byte[] Spoil(byte[] message)
    {
        if (Kind == RuleFaultKind.Corrupt)
        {
            return message.Length == 0 ? [NoWireType] : [NoWireType, .. message[1..]];
        }

        // The last byte belongs to the last field, whatever it is: nothing is whole without it.
        return message.Length == 0 ? [LonelyTag] : message[..^1];
    }

    /// <summary>Ends the call as the fault does; always throws. What was sent a moment ago may be lost with the call or connection.</summary>
    public async Task HappenAsync(ServerCallContext context)
    {
        switch (Kind)
        {
            case RuleFaultKind.Reset:
                context.AbortCall(Code);
                break;
            case RuleFaultKind.Drop:
                context.AbortConnection();
                break;
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(false);
                break;
        }

        throw new RpcException(new Status(StatusCode.Cancelled, "A fault ended the call."));
    }
}
