// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Tells which messages can lack something required, in themselves or in what they reach.</summary>
internal static class Initialization
{
    /// <summary>Whether a required field or an extension range is reachable from the message.</summary>
    public static bool IsNeeded(MessageModel message)
    {
        var seen = new HashSet<MessageModel> { message };
        var queue = new Queue<MessageModel>([message]);
        while (queue.TryDequeue(out var next))
        {
            if (next.IsExtendable)
            {
                return true;
            }

            foreach (var field in next.Fields)
            {
                if (field.IsRequired)
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
