// SPDX-License-Identifier: Apache-2.0

using System;
using System.Globalization;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Schema;

/// <summary>A message in another.</summary>
/// <param name="Field">The name of its field.</param>
/// <param name="Key">Its key in a map, its index in a list; null in a field of one.</param>
/// <param name="Message">The message.</param>
internal readonly record struct MessagePart(string Field, object? Key, IMessage Message)
{
    /// <summary>Where it stands, such as <c>at</c>, <c>orders[2]</c> or <c>named[x]</c>.</summary>
    public string Name => Key is null ? Field : $"{Field}[{Convert.ToString(Key, CultureInfo.InvariantCulture)}]";
}
