// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>What a compiler said about some files.</summary>
/// <param name="IsAccepted">Whether it accepted them.</param>
/// <param name="Place">The place of the first error as <c>file:line:column</c>; null if it has none.</param>
/// <param name="Message">The text of the first error.</param>
/// <param name="Warnings">The places of the warnings; a file name alone where there is none.</param>
/// <param name="DescriptorSet">The descriptor set; empty if rejected.</param>
internal sealed record Outcome(bool IsAccepted, string? Place, string Message, IReadOnlyList<string> Warnings, byte[] DescriptorSet);
