// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Cli.Mock;

/// <summary>How a rule ends its call.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">Its message.</param>
/// <param name="Details">Its details, messages of the type <c>google.protobuf.Any</c>.</param>
internal sealed record RuleStatus(StatusCode Code, TextTemplate Message, IReadOnlyList<MessageTemplate> Details)
{
    /// <summary>Whether something in it asks for all requests of the call.</summary>
    public bool NeedsAllRequests => Message.NeedsAllRequests || Details.Any(detail => detail.NeedsAllRequests);

    /// <summary>What ends a call so.</summary>
    /// <param name="scope">The call.</param>
    public RpcException ToException(AnswerScope scope)
    {
        var message = Message.Render(scope);
        if (Details.Count == 0)
        {
            return new RpcException(new Status(Code, message));
        }

        var status = new Google.Rpc.Status { Code = (int)Code, Message = message };
        status.Details.Add(Details.Select(detail => Any.Parser.ParseFrom(detail.Render(scope))));
        return status.ToRpcException();
    }
}
