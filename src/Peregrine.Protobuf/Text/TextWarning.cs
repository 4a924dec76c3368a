// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Text;

/// <summary>Something in a text that is probably not meant, such as a deprecated field.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column in bytes, counted from 1; a tab leads to the next multiple of eight.</param>
/// <param name="Message">What it is, in one sentence.</param>
public readonly record struct TextWarning(int Line, int Column, string Message);
