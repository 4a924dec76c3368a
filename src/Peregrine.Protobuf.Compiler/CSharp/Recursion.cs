// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Tells which messages can contain themselves: only their nesting has no bound, and only their code checks it.</summary>
internal static class Recursion
{
    /// <summary>The statement that checks the nesting.</summary>
    public const string Check = Clr.Wire + ".MessageNesting.Check();";

    /// <summary>Whether the message is reachable from its own fields.</summary>
    public static bool IsPossible(MessageModel message)
    {
        var seen = new HashSet<MessageModel>();
        var queue = new Queue<MessageModel>([message]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var field in next.Fields)
            {
                if (field.MessageType == message)
                {
                    return true;
                }

                if (field.MessageType is { } reached && seen.Add(reached))
                {
                    queue.Enqueue(reached);
                }
            }
        }

        return false;
    }
}
