// SPDX-License-Identifier: Apache-2.0
using CompilerFuzz;

if (Settings.Parse(args) is not { } settings)
{
    Console.WriteLine(Settings.Usage);
    return ExitCode.Usage;
}

if (settings.Mode == "scale")
{
    return new Scaling(settings).Run();
}

List<Seed> seeds = [.. settings.Folders.SelectMany(folder => Seed.ReadFolder(folder, settings.Sample))];
if (seeds.Count == 0)
{
    Console.WriteLine("The folders hold no .proto files.");
    return ExitCode.Usage;
}

using ProtocRun? protoc = settings.Protoc is { } path ? new ProtocRun(path, settings.Includes) : null;
return new Campaign(settings, seeds, settings.UsesProtoc ? protoc : null).Run();
