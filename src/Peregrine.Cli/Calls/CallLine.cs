// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Calls;

/// <summary>What a JSON value among requests holds.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Json">The message in JSON.</param>
/// <param name="Text">The message in text format.</param>
internal readonly record struct CallLine(CallLineKind Kind, ReadOnlyMemory<byte> Json = default, string? Text = null);
