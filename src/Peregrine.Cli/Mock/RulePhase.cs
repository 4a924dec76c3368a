// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Mock;

/// <summary>On which request of a stream a rule is looked at. Methods with one request have all of these at once.</summary>
internal enum RulePhase
{
    /// <summary>On each as it comes; the call goes on unless the rule has a status.</summary>
    Each,

    /// <summary>On the first; the call ends with the rule.</summary>
    First,

    /// <summary>When the client has sent all, on the last.</summary>
    Last,
}
