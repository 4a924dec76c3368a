// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Converts to and from <see cref="System.Drawing.Color"/>.</content>
public sealed partial class Color
{
    /// <summary>Converts a <see cref="System.Drawing.Color"/>; its name is lost.</summary>
    /// <param name="color">Any color.</param>
    /// <returns>The same color; <see cref="Alpha"/> is unset, which means solid, when the color is solid.</returns>
    public static Color FromDrawingColor(System.Drawing.Color color) => new()
    {
        Red = color.R / 255f,
        Green = color.G / 255f,
        Blue = color.B / 255f,
        Alpha = color.A == byte.MaxValue ? null : color.A / 255f,
    };

    /// <summary>Converts to a <see cref="System.Drawing.Color"/>, each part rounded to the nearest of its 256 steps.</summary>
    /// <returns>The color; solid when <see cref="Alpha"/> is unset.</returns>
    /// <exception cref="InvalidOperationException">A part is outside of 0 to 1, or no number.</exception>
    public System.Drawing.Color ToDrawingColor() => System.Drawing.Color.FromArgb(
        Step("alpha", Alpha ?? 1), Step("red", Red), Step("green", Green), Step("blue", Blue));

    private static int Step(string part, float value) => value is >= 0 and <= 1
        ? (int)MathF.Round(value * byte.MaxValue, MidpointRounding.AwayFromZero)
        : throw new InvalidOperationException($"The part {part} of the color is {value}; it goes from 0 to 1.");
}
