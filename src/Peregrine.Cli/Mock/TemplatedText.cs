// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Mock;

/// <summary>A text inside a message.</summary>
/// <param name="Template">What it says.</param>
/// <param name="IsForText">Whether its field holds text, so that numbers are written as such.</param>
internal sealed record TemplatedText(TextTemplate Template, bool IsForText);
