// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Grpc.Health.V1;
using Library.Extras;
using Peregrine.Client;
using Peregrine.Diagnostics;
using Peregrine.Services.HealthCheck;

namespace Peregrine.Services.Tests;

/// <summary>The listings of docs/guides/services.md, run; and the proof that they are the same.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task Health_checking()
    {
        await using GrpcServer server = new();
        server.AddService(Library.Library.BindService(new LibraryService()));
        HealthServiceImpl health = server.AddHealthService();
        health.SetStatus("library.Library", HealthCheckResponse.Types.ServingStatus.Serving);
        int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);

        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Health.HealthClient client = new(channel);
        HealthCheckResponse response = await client.CheckAsync(new HealthCheckRequest { Service = "library.Library" });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task A_channel_that_checks_health()
    {
        await using GrpcServer server = new();
        HealthServiceImpl health = server.AddHealthService();
        health.SetStatus("library.Library", HealthCheckResponse.Types.ServingStatus.Serving);
        string address = $"http://127.0.0.1:{await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure)}";
        using GrpcChannel channel =
            GrpcChannel.ForAddress(address, new GrpcChannelOptions { HealthCheckServiceName = "library.Library" });
        await channel.ConnectAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Server_reflection()
    {
        await using GrpcServer server = new();
        server.AddService(Library.Library.BindService(new LibraryService()));
        server.AddReflectionService(ExtrasReflection.Descriptor);
        await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
    }

    [Fact]
    public async Task Channelz_on_a_port_of_its_own()
    {
        await using GrpcServer admin = new();
        admin.AddChannelzService();
        int adminPort = await admin.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        Assert.NotEqual(0, adminPort);

        foreach (ChannelSnapshot channel in LiveEntities.GetChannels(startId: 0, maxCount: 100))
        {
            Console.WriteLine($"{channel.Target} {channel.State} {channel.Calls.Started} calls, {channel.Calls.Failed} failed");
        }
    }

    [Fact]
    public void Every_listing_of_the_guide_stands_in_this_file()
    {
        string root = typeof(GuideTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        string source = Lines(File.ReadAllText(Path.Combine(root, "tests/Peregrine.Services.Tests/GuideTests.cs")));
        List<string> listings = [.. File.ReadAllText(Path.Combine(root, "docs/guides/services.md")).Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0])];
        Assert.True(listings.Count >= 5);
        Assert.All(listings, listing => Assert.Contains(Lines(listing), source, StringComparison.Ordinal));
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
