// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>A named setting of a <c>Channel</c> or <c>Server</c>, as the native gRPC packages have them. Immutable.</summary>
public sealed class ChannelOption : IEquatable<ChannelOption>
{
    private readonly string? _stringValue;
    private readonly int _intValue;

    /// <summary>Makes a text option.</summary>
    /// <param name="name">The name, see <see cref="ChannelOptions"/>.</param>
    /// <param name="stringValue">The value.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChannelOption(string name, string stringValue)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(stringValue);
        Type = OptionType.String;
        Name = name;
        _stringValue = stringValue;
    }

    /// <summary>Makes a number option.</summary>
    /// <param name="name">The name, see <see cref="ChannelOptions"/>.</param>
    /// <param name="intValue">The value.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public ChannelOption(string name, int intValue)
    {
        ArgumentNullException.ThrowIfNull(name);
        Type = OptionType.Integer;
        Name = name;
        _intValue = intValue;
    }

    /// <summary>The kinds of values.</summary>
    public enum OptionType
    {
        /// <summary>A number.</summary>
        Integer,

        /// <summary>A text.</summary>
        String,
    }

    /// <summary>Which value is set.</summary>
    public OptionType Type { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The option is a text.</exception>
    public int IntValue => Type == OptionType.Integer
        ? _intValue
        : throw new InvalidOperationException($"The channel option '{Name}' is a text, not a number.");

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The option is a number.</exception>
    public string StringValue => _stringValue
        ?? throw new InvalidOperationException($"The channel option '{Name}' is a number, not a text.");

    /// <inheritdoc/>
    public bool Equals(ChannelOption? other) =>
        other is not null && Type == other.Type && Name == other.Name
        && _intValue == other._intValue && _stringValue == other._stringValue;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChannelOption);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Name, _intValue, _stringValue);
}
