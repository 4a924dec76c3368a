// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Calls;

/// <summary>Finds the field for which a message has no JSON.</summary>
internal static class JsonlessField
{
    /// <summary>The path of the innermost message that has none, such as <c>orders[2].at</c>; empty for the message itself.</summary>
    /// <param name="message">A message without JSON.</param>
    /// <param name="hasJson">Whether a message has JSON.</param>
    public static string PathIn(IMessage message, Func<IMessage, bool> hasJson)
    {
        List<string> path = [];
        while (MessageWalk.Parts(message).FirstOrDefault(part => !hasJson(part.Message)) is { Message: { } inner } found)
        {
            path.Add(found.Name);
            message = inner;
        }

        return string.Join('.', path);
    }
}
