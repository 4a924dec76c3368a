// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Calls;

/// <summary>Why a message has no JSON.</summary>
/// <param name="Reason">A sentence or two, which name type and field.</param>
/// <param name="LacksType">Whether the schema lacks the type of an <c>Any</c>.</param>
internal readonly record struct JsonlessMessage(string Reason, bool LacksType);
