// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>Sample messages that tests share.</summary>
internal static class Samples
{
    /// <summary>A message with every field set.</summary>
    public static Sample Full() => new()
    {
        Id = -1,
        Ratio = -0.0,
        Name = "näme ☺ 😈",
        Count = 0,
        Data = ByteString.CopyFrom(0, 1, 255),
        Color = (Color)77,
        Level = Level.High,
        Child = new Sample { Required = 1, Name = new string('x', 200) },
        Point = new Sample.Types.Point { X = 1, Y = -2 },
        Numbers = { 0, -1, 1, int.MaxValue, int.MinValue },
        Loose = { 0, ulong.MaxValue },
        Words = { "", "a", "bc" },
        Children = { new Sample { Required = 2 }, new Sample { Required = 3, Id = 300 } },
        Points = { new Sample.Types.Point(), new Sample.Types.Point { Y = 5 } },
        Levels = { Level.Low, Level.High },
        Counts = { ["one"] = 1, [""] = 0 },
        Named = { [7] = new Sample { Required = 4 } },
        Inner = new Sample.Types.Point { X = 9 },
        Required = 5,
        Legacy = "legacy",
        Wrapped = 0,
    };
}
