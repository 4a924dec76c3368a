// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using ProtobufFuzz;

// ProtobufFuzz TARGET SEED SECONDS [CORPUS]: mutates inputs for so long. Inputs with a new outcome are kept, in CORPUS/TARGET, too,
// from where the next run starts. An input that is a finding is printed as hex. ProtobufFuzz TARGET HEX: runs one input.
// ProtobufFuzz depth LEVELS: nesting of so many levels ends in no stack overflow.
if (args is ["depth", string levels])
{
    return new Depth(int.Parse(levels, CultureInfo.InvariantCulture)).Run();
}

// ProtobufFuzz scaling: time grows with the size of input, not with its square.
if (args is ["scaling"])
{
    return Scaling.Run();
}

Target? target = args.Length > 0 ? Target.All.FirstOrDefault(each => each.Name == args[0]) : null;
if (target is null || args.Length is not (2 or 3 or 4))
{
    Console.WriteLine($"ProtobufFuzz {string.Join('|', Target.All.Select(each => each.Name))} SEED SECONDS [CORPUS] or TARGET HEX");
    return 2;
}

if (args.Length == 2)
{
    Console.WriteLine(target.Run(Convert.FromHexString(args[1])));
    return 0;
}

Random random = new(int.Parse(args[1], CultureInfo.InvariantCulture));
TimeSpan time = TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture));
string? folder = args.Length == 4 ? Path.Combine(args[3], target.Name) : null;
List<byte[]> corpus = [.. target.Seeds];
string kept = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name + ".hex");
if (File.Exists(kept))
{
    corpus.AddRange(File.ReadLines(kept).Select(Convert.FromHexString));
}

if (folder is not null)
{
    Directory.CreateDirectory(folder);
    corpus.AddRange(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
}

HashSet<string> outcomes = [];
int runs = 0;
int findings = 0;
int start = corpus.Count;
for (int i = 0; i < start; i++)
{
    Run(corpus[i], keep: false);
}

Stopwatch watch = Stopwatch.StartNew();
while (watch.Elapsed < time && findings < 10)
{
    Run(Mutation.Of(corpus[random.Next(corpus.Count)], corpus[random.Next(corpus.Count)], random), keep: true);
}

Console.WriteLine($"{target.Name}: {runs} inputs, {corpus.Count - start} kept, {findings} findings");
return findings == 0 ? 0 : 1;

void Run(byte[] input, bool keep)
{
    runs++;
    long began = Stopwatch.GetTimestamp();
    try
    {
        if (outcomes.Add(target.Run(input)) && keep)
        {
            corpus.Add(input);
            if (folder is not null)
            {
                string name = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(input))[..16];
                File.WriteAllBytes(Path.Combine(folder, name), input);
            }
        }
    }
    catch (Exception e)
    {
        // Every exception that a target lets through is a finding, of whatever type.
        findings++;
        Console.WriteLine($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Convert.ToHexString(input)}");
    }

    if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(10))
    {
        findings++;
        Console.WriteLine($"It took {Stopwatch.GetElapsedTime(began)}:\n{Convert.ToHexString(input)}");
    }
}
