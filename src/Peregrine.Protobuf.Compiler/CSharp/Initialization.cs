// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Tells which messages can lack something required, in themselves or in what they reach.</summary>
internal static class Initialization
{
    /// <summary>Sets <see cref="MessageModel.NeedsInitialization"/> of messages; what they reach must be among them.</summary>
    public static void Mark(IReadOnlyList<MessageModel> messages)
    {
        // From those that lack something themselves back to those that hold them: each field is looked at once.
        var holders = new Dictionary<MessageModel, List<MessageModel>>();
        var open = new Stack<MessageModel>();
        foreach (var message in messages)
        {
            if (message.IsExtendable || message.Fields.Exists(field => field.IsRequired))
            {
                open.Push(message);
            }

            foreach (var field in message.Fields)
            {
                if (field.MessageType is { } reached)
                {
                    if (!holders.TryGetValue(reached, out var list))
                    {
                        holders.Add(reached, list = []);
                    }

                    list.Add(message);
                }
            }
        }

        while (open.TryPop(out var message))
        {
            if (!message.NeedsInitialization)
            {
                message.NeedsInitialization = true;
                holders.GetValueOrDefault(message, []).ForEach(open.Push);
            }
        }
    }
}
