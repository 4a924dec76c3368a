// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Differencing;

/// <summary>One difference between two messages.</summary>
/// <param name="Kind">What happened to the field on the way from the first message to the second.</param>
/// <param name="Path">
/// Where: names of fields joined by dots, an element of a repeated field as <c>[0]</c> (its place in the first message, of
/// an added one in the second), an entry of a map as <c>["key"]</c>, an extension as <c>(full.name)</c>, or by its number
/// where its descriptor is not at hand.
/// </param>
/// <param name="Field">The field; for an entry of a map the field of its value; null for unknown fields.</param>
/// <param name="Left">The value in the first message as its reflection gives it; null when it was added.</param>
/// <param name="Right">The value in the second message as its reflection gives it; null when it was removed.</param>
public sealed record FieldDifference(DifferenceKind Kind, string Path, FieldDescriptor? Field, object? Left, object? Right)
{
    /// <summary>The difference as a line for people.</summary>
    /// <returns>Such as <c>changed: user.name: "Ann" -> "Bob"</c>.</returns>
    public override string ToString() => Kind switch
    {
        DifferenceKind.Added => $"added: {Path}: {DifferenceText.Of(Field, Right)}",
        DifferenceKind.Removed => $"removed: {Path}: {DifferenceText.Of(Field, Left)}",
        _ => $"changed: {Path}: {DifferenceText.Of(Field, Left)} -> {DifferenceText.Of(Field, Right)}",
    };
}
