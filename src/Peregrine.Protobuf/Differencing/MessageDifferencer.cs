// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Differencing;

/// <summary>
/// Compares two messages of one type field by field and tells where they differ: for tests, audit logs and tools. A
/// generated and a dynamic message of one type can be compared, too.
/// </summary>
/// <remarks>
/// Set up, then used: the properties must not change while a comparison runs; several may run at once. Without options two
/// messages have no difference exactly if they are equal by their own Equals, except that bits of NaN do not count.
/// </remarks>
public sealed class MessageDifferencer
{
    private double _fraction;
    private double _margin;

    /// <summary>
    /// Fields that are not compared, by <see cref="DescriptorBase.FullName"/>, wherever they are met. Extensions are included, but on
    /// generated messages those of other files only if <see cref="TypeRegistry"/> has them.
    /// </summary>
    public ISet<string> IgnoredFields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Repeated fields whose order does not matter, by <see cref="DescriptorBase.FullName"/>: an element of the one message
    /// matches an equal one of the other; each counts once. Takes time with the product of the numbers of unequal elements.
    /// </summary>
    public ISet<string> UnorderedFields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// The extensions that are known by name besides those of the file of their message: generated messages hold the numbers of
    /// extensions only. Default: none.
    /// </summary>
    public TypeRegistry TypeRegistry { get; set; } = TypeRegistry.Empty;

    /// <summary>Whether <see cref="UnorderedFields"/> stands for all repeated fields. Default: false.</summary>
    public bool IgnoreOrder { get; set; }

    /// <summary>
    /// Whether a field with presence that is set to its default equals an unset one. Default: false.
    /// </summary>
    public bool TreatDefaultAsUnset { get; set; }

    /// <summary>Whether unknown fields are not compared. Default: false.</summary>
    public bool IgnoreUnknownFields { get; set; }

    /// <summary>
    /// How far floating-point numbers may be apart, as a part of the larger one's absolute value. Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN.</exception>
    public double ToleratedFraction
    {
        get => _fraction;
        set => _fraction = CheckTolerance(value, nameof(value));
    }

    /// <summary>
    /// How far floating-point numbers may be apart; they are equal if they are within this or
    /// <see cref="ToleratedFraction"/>. Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN.</exception>
    public double ToleratedMargin
    {
        get => _margin;
        set => _margin = CheckTolerance(value, nameof(value));
    }

    /// <summary>Whether two messages have no difference.</summary>
    /// <param name="left">The first message.</param>
    /// <param name="right">The second message.</param>
    /// <returns>Whether <see cref="Compare"/> would find nothing.</returns>
    /// <exception cref="ArgumentException">The messages are of different types.</exception>
    /// <exception cref="InvalidOperationException">A message nests too deeply for the stack, or contains itself.</exception>
    public bool AreEqual(IMessage left, IMessage right)
    {
        CheckTypes(left, right);
        return new MessageComparison(this, null).Compare(left, right);
    }

    /// <summary>Finds all differences.</summary>
    /// <param name="left">The first message.</param>
    /// <param name="right">The second message.</param>
    /// <returns>
    /// The differences in the order of field numbers. A message that only one side has is one difference; messages that both
    /// have are compared inside.
    /// </returns>
    /// <exception cref="ArgumentException">The messages are of different types.</exception>
    /// <exception cref="InvalidOperationException">A message nests too deeply for the stack, or contains itself.</exception>
    public IReadOnlyList<FieldDifference> Compare(IMessage left, IMessage right)
    {
        CheckTypes(left, right);
        List<FieldDifference> differences = [];
        new MessageComparison(this, differences).Compare(left, right);
        return differences;
    }

    internal bool IsIgnored(FieldDescriptor field) => IgnoredFields.Contains(field.FullName);

    internal bool IsUnordered(FieldDescriptor field) => IgnoreOrder || UnorderedFields.Contains(field.FullName);

    internal bool AreClose(double left, double right)
    {
        // Also infinities, and 0 and -0 where a tolerance is asked for.
        if (left.Equals(right) && (left != 0 || BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right)))
        {
            return true;
        }

        if ((_fraction == 0 && _margin == 0) || !double.IsFinite(left) || !double.IsFinite(right))
        {
            return false;
        }

        double distance = Math.Abs(left - right);
        return distance <= _margin || distance <= _fraction * Math.Max(Math.Abs(left), Math.Abs(right));
    }

    private static double CheckTolerance(double value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        return double.IsNaN(value) ? throw new ArgumentOutOfRangeException(name, value, "A tolerance is a number.") : value;
    }

    private static void CheckTypes(IMessage left, IMessage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (!ReferenceEquals(left.Descriptor, right.Descriptor))
        {
            throw new ArgumentException(
                $"Messages of one type are compared, not a {left.Descriptor.FullName} and a {right.Descriptor.FullName}"
                + (left.Descriptor.FullName == right.Descriptor.FullName ? " of another descriptor pool." : "."),
                nameof(right));
        }
    }
}
