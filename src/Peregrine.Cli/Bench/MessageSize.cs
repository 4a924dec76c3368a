// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;

namespace Peregrine.Cli.Bench;

/// <summary>A response of which only the size is of interest.</summary>
/// <param name="Bytes">Its octets.</param>
internal sealed record MessageSize(int Bytes)
{
    /// <summary>A method whose requests are encoded already, and whose responses are not decoded.</summary>
    public static Method<byte[], MessageSize> MethodOf(BenchPlan plan)
    {
        // Responses are mostly of one size: one object serves all of them.
        MessageSize last = new(0);
        return new Method<byte[], MessageSize>(
            plan.Kind, plan.Service, plan.Method,
            Marshallers.Create<byte[]>(
                static (bytes, context) =>
                {
                    context.SetPayloadLength(bytes.Length);
                    context.GetBufferWriter().Write(bytes.AsSpan());
                    context.Complete();
                },
                context => context.PayloadAsNewBuffer()),
            Marshallers.Create<MessageSize>(
                static (_, _) => throw new NotSupportedException(),
                context => last.Bytes == context.PayloadLength ? last : last = new MessageSize(context.PayloadLength)));
    }
}
