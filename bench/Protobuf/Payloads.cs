// SPDX-License-Identifier: Apache-2.0
using Bench;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace ProtobufBenchmarks;

/// <summary>Makes the messages that are measured: the same at every run.</summary>
internal static class Payloads
{
    // Numbers of parts that give a mix of 228 bytes and one of 84 kB.
    public const int SmallMix = 1;
    public const int LargeMix = 822;

    private const int DescriptorBytes = 20_000_000;

    public static Greeting Greeting() => new() { MessageName = "peregrine", MessageLen = 9 };

    public static Node Tree()
    {
        int id = 0;
        return Grow(4);

        Node Grow(int levels)
        {
            id++;
            Node node = new() { Id = id, Name = $"node {id}", Position = new Point { X = id, Y = -id } };
            for (int i = 0; levels > 0 && i < 4; i++)
            {
                node.Children.Add(Grow(levels - 1));
            }

            return node;
        }
    }

    public static Article Article()
    {
        Random random = new(1);
        Article article = new() { Title = "Falco peregrinus", Author = "Zoë Müller-Łukasiewicz", Summary = "游隼是一种中型猛禽,飞行速度极快。" };
        for (int i = 0; i < 40; i++)
        {
            article.Paragraphs.Add(Sentence(random, 60) + (i % 8 == 0 ? " – “naïve”" : ""));
            article.Tags.Add(Sentence(random, 1));
        }

        return article;
    }

    public static Series Series()
    {
        Random random = new(2);
        Series series = new();
        for (int i = 0; i < 1000; i++)
        {
            series.Small.Add(random.Next(100));
            series.Large.Add(random.NextInt64(1L << random.Next(1, 63)));
            series.Deltas.Add(random.Next(-1000, 1000));
            series.Hashes.Add((ulong)random.NextInt64());
            series.Samples.Add(random.NextDouble());
            series.Weights.Add(random.NextSingle());
            series.Colors.Add((uint)random.Next());
            series.Flags.Add(random.Next(2) == 0);
            series.Levels.Add((Level)random.Next(3));
        }

        return series;
    }

    public static Bench.Directory Directory()
    {
        Random random = new(3);
        Bench.Directory directory = new();
        for (int i = 0; i < 100; i++)
        {
            directory.Labels.Add($"label/{i}", Sentence(random, 2));
            directory.Counts.Add((i * 7) + 1, random.NextInt64());
            directory.Points.Add($"point-{i}", new Point { X = i, Y = random.NextDouble() });
            directory.Blobs.Add((ulong)random.NextInt64(), ByteString.CopyFrom(new byte[16]));
        }

        return directory;
    }

    public static Mix Mix(int parts)
    {
        Random random = new(4);
        Mix mix = new()
        {
            F1 = "a name",
            F2 = ByteString.CopyFrom(1, 2, 3, 4),
            F3 = 3,
            F4 = 1_234_567_890_123,
            F6 = 6,
            F7 = -7,
            F9 = 9,
            F10 = 10,
            F13 = 1.5f,
            F14 = 2.25,
            F15 = true,
            F16 = Level.High,
            F17 = new Point { X = 1, Y = 2 },
            F18 = "one of two",
            Part = Part(random),
            F101 = -1,
            F102 = "a second name",
            F201 = true,
        };
        for (int i = 0; i < parts; i++)
        {
            mix.F22.Add(Sentence(random, 1));
            mix.F23.Add(random.Next(1000));
            mix.F24.Add(random.NextInt64());
            mix.F26.Add($"key {i}", i + 1);
            if (i > 0)
            {
                mix.Parts.Add(Part(random));
            }
        }

        return mix;
    }

    /// <summary>The descriptors of the standard files, again and again under other names, until they fill tens of megabytes.</summary>
    public static FileDescriptorSet Descriptors()
    {
        FileDescriptor[] files =
        [
            DescriptorReflection.Descriptor, AnyReflection.Descriptor, ApiReflection.Descriptor, StructReflection.Descriptor,
            TypeReflection.Descriptor, WrappersReflection.Descriptor, TimestampReflection.Descriptor,
        ];
        FileDescriptorSet set = new();
        for (int i = 0, bytes = 0; bytes < DescriptorBytes; i++)
        {
            FileDescriptorProto file = files[i % files.Length].ToProto();
            file.Name = $"copy{i}/{file.Name}";
            file.Package = $"copy{i}.{file.Package}";
            set.File.Add(file);
            bytes += file.CalculateSize();
        }

        return set;
    }

    private static Mix.Types.Part Part(Random random) => new()
    {
        Id = random.Next(10_000),
        When = random.NextInt64(1L << 40),
        Text = Sentence(random, 3),
        Done = true,
        Hash = (ulong)random.NextInt64(),
        Weight = random.NextDouble(),
        Data = ByteString.CopyFrom(new byte[12]),
        Level = Level.Low,
    };

    private static string Sentence(Random random, int words)
    {
        string[] some = ["falcon", "sky", "river", "stone", "cathedral", "wind", "of", "the", "over", "swift"];
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => some[random.Next(some.Length)]));
    }
}
