// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// Tells which messages can contain themselves: only their nesting has no bound, and only their code checks it. They are those of the
/// strongly connected components of more than one message, and those with a field of their own type (Tarjan 1972, without recursion).
/// </summary>
internal sealed class Recursion
{
    /// <summary>The statement that checks the nesting.</summary>
    public const string Check = Clr.Wire + ".MessageNesting.Check();";

    private readonly Dictionary<MessageModel, Node> _nodes = [];
    private readonly Stack<MessageModel> _path = new();
    private readonly Stack<MessageModel> _open = new();

    private Recursion()
    {
    }

    /// <summary>Sets <see cref="MessageModel.IsRecursive"/> of messages and of those that their fields hold.</summary>
    public static void Mark(IEnumerable<MessageModel> messages)
    {
        var search = new Recursion();
        foreach (var message in messages)
        {
            search.Visit(message);
        }
    }

    private void Visit(MessageModel start)
    {
        if (!_nodes.ContainsKey(start))
        {
            Enter(start);
        }

        while (_path.TryPeek(out var message))
        {
            var node = _nodes[message];
            if (node.NextField < message.Fields.Count)
            {
                Follow(message, node, message.Fields[node.NextField++].MessageType);
                continue;
            }

            _path.Pop();
            if (_path.TryPeek(out var before))
            {
                _nodes[before].Lowest = Math.Min(_nodes[before].Lowest, node.Lowest);
            }

            if (node.Lowest == node.Index)
            {
                Close(message);
            }
        }
    }

    private void Enter(MessageModel message)
    {
        _nodes.Add(message, new Node { Index = _nodes.Count, Lowest = _nodes.Count, IsOpen = true });
        _path.Push(message);
        _open.Push(message);
    }

    private void Follow(MessageModel message, Node node, MessageModel? target)
    {
        if (target is null)
        {
            return;
        }

        message.IsRecursive |= target == message;
        if (!_nodes.TryGetValue(target, out var reached))
        {
            Enter(target);
        }
        else if (reached.IsOpen)
        {
            node.Lowest = Math.Min(node.Lowest, reached.Index);
        }
    }

    // The message is the first of its component, and the others lie above it.
    private void Close(MessageModel first)
    {
        var isAlone = _open.Peek() == first;
        MessageModel member;
        do
        {
            member = _open.Pop();
            _nodes[member].IsOpen = false;
            member.IsRecursive |= !isAlone;
        }
        while (member != first);
    }

    private sealed class Node
    {
        public int Index { get; init; }

        public int Lowest { get; set; }

        public int NextField { get; set; }

        public bool IsOpen { get; set; }
    }
}
