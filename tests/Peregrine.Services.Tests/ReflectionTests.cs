// SPDX-License-Identifier: Apache-2.0
using Grpc.Reflection.V1;
using Library;
using Library.Extras;
using Peregrine.Interceptors;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Services.Reflection;
using Peregrine.Testing;

namespace Peregrine.Services.Tests;

/// <summary>grpc.reflection.v1, and v1alpha beside it.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public async Task Services_are_listed_by_name_those_of_reflection_included()
    {
        await using InMemoryServer server = Start();
        server.Server.AddHealthService();
        using ReflectionSession session = new(server.Channel);
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "library.Library"],
            await session.ServicesAsync());
        await session.CompleteAsync();
    }

    [Fact]
    public async Task Services_that_come_and_go_are_seen_in_a_running_stream()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        server.Server.AddReflectionService();
        using ReflectionSession session = new(server.Channel);
        Assert.DoesNotContain("library.Library", await session.ServicesAsync());
        Assert.StartsWith("5: ", Assert.Single(await session.SymbolAsync("library.Library")));
        ServerServiceDefinition service = Library.Library.BindService(new LibraryService());
        server.Server.AddService(service);
        Assert.Contains("library.Library", await session.ServicesAsync());
        Assert.Equal("library.proto", (await session.SymbolAsync("library.Library"))[0]);
        server.Server.RemoveService(service);
        Assert.DoesNotContain("library.Library", await session.ServicesAsync());
    }

    [Fact]
    public async Task The_file_that_is_asked_for_comes_first_and_always_and_each_import_once_a_stream()
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        Assert.Equal(["library.proto", "catalog.proto", "google/protobuf/timestamp.proto"], await session.FileAsync("library.proto"));
        Assert.Equal(["library.proto"], await session.FileAsync("library.proto"));
        Assert.Equal(["catalog.proto"], await session.FileAsync("catalog.proto"));
        using ReflectionSession another = new(server.Channel);
        Assert.Equal(["catalog.proto"], await another.FileAsync("catalog.proto"));
        Assert.Equal(["library.proto", "google/protobuf/timestamp.proto"], await another.SymbolAsync("library.Query"));
    }

    [Theory]
    [InlineData("library.Library", "library.proto")]
    [InlineData("library.Library.Find", "library.proto")]
    [InlineData("library.Query", "library.proto")]
    [InlineData("library.Query.title", "library.proto")]
    [InlineData("library.Query.by", "library.proto")]
    [InlineData("library.Book.Page", "catalog.proto")]
    [InlineData("library.Book.Page.number", "catalog.proto")]
    [InlineData("library.Book.Genre", "catalog.proto")]
    [InlineData("library.Book.POEM", "catalog.proto")]
    [InlineData("library.Book.motto", "catalog.proto")]
    [InlineData("google.protobuf.Timestamp", "google/protobuf/timestamp.proto")]
    [InlineData("library.extras.stars", "extras.proto")]
    [InlineData("grpc.reflection.v1alpha.ServerReflection", "grpc/reflection/v1alpha/reflection.proto")]
    public async Task A_symbol_of_any_kind_leads_to_its_file(string symbol, string file)
    {
        await using InMemoryServer server = Start(ExtrasReflection.Descriptor);
        using ReflectionSession session = new(server.Channel);
        Assert.Equal(file, (await session.SymbolAsync(symbol))[0]);
    }

    [Theory]
    [InlineData("library")]
    [InlineData("library.Nobody")]
    [InlineData(".library.Book")]
    [InlineData("")]
    public async Task An_unknown_symbol_is_NOT_FOUND_and_the_stream_goes_on(string symbol)
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        string error = Assert.Single(await session.SymbolAsync(symbol));
        Assert.StartsWith("5: ", error);
        Assert.Contains($"'{symbol}'", error);
        Assert.Equal("library.proto", (await session.FileAsync("library.proto"))[0]);
        await session.CompleteAsync();
    }

    [Fact]
    public async Task An_unknown_file_is_NOT_FOUND()
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        Assert.Equal(["5: The file 'extras.proto' is not known to this server."], await session.FileAsync("extras.proto"));
    }

    [Fact]
    public async Task Extensions_of_given_files_are_found_by_message_and_number()
    {
        await using InMemoryServer server = Start(ExtrasReflection.Descriptor);
        using ReflectionSession session = new(server.Channel);
        Assert.Equal("extras.proto", (await session.ExtensionAsync("library.Book", 101))[0]);
        Assert.Equal("catalog.proto", (await session.ExtensionAsync("library.Book", 120))[0]);
        Assert.StartsWith("5: ", Assert.Single(await session.ExtensionAsync("library.Book", 102)));
        Assert.StartsWith("5: ", Assert.Single(await session.ExtensionAsync("library.Nobody", 101)));
    }

    [Fact]
    public async Task The_numbers_of_extensions_are_listed()
    {
        await using InMemoryServer server = Start(ExtrasReflection.Descriptor);
        using ReflectionSession session = new(server.Channel);
        ServerReflectionResponse book = await session.AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "library.Book" });
        Assert.Equal("library.Book", book.AllExtensionNumbersResponse!.BaseTypeName);
        Assert.Equal([100, 101, 120], book.AllExtensionNumbersResponse!.ExtensionNumber);
        ServerReflectionResponse query = await session.AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "library.Query" });
        Assert.Equal("library.Query", query.AllExtensionNumbersResponse!.BaseTypeName);
        Assert.Empty(query.AllExtensionNumbersResponse!.ExtensionNumber);
        ServerReflectionResponse none = await session.AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "library.Nobody" });
        Assert.Equal((int)StatusCode.NotFound, none.ErrorResponse!.ErrorCode);
    }

    [Fact]
    public async Task Host_and_request_are_echoed_also_with_an_error()
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        ServerReflectionRequest good = new() { Host = "one.example", FileByFilename = "catalog.proto" };
        ServerReflectionRequest bad = new() { Host = "two.example", FileByFilename = "nothing" };
        ServerReflectionResponse first = await session.AskAsync(good);
        ServerReflectionResponse second = await session.AskAsync(bad);
        Assert.Equal(("one.example", good), (first.ValidHost, first.OriginalRequest));
        Assert.Equal(("two.example", bad), (second.ValidHost, second.OriginalRequest));
    }

    [Fact]
    public async Task A_request_for_nothing_is_an_INVALID_ARGUMENT_in_the_stream()
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        ServerReflectionResponse response = await session.AskAsync(new ServerReflectionRequest());
        Assert.Equal((int)StatusCode.InvalidArgument, response.ErrorResponse!.ErrorCode);
        await session.CompleteAsync();
    }

    [Fact]
    public async Task The_files_are_those_that_were_compiled()
    {
        await using InMemoryServer server = Start();
        using ReflectionSession session = new(server.Channel);
        ServerReflectionResponse response = await session.AskAsync(new ServerReflectionRequest { FileByFilename = "library.proto" });
        Assert.Equal(LibraryReflection.Descriptor.SerializedData, response.FileDescriptorResponse!.FileDescriptorProto[0]);

        // A client makes descriptors of them again: each behind those that it imports.
        IReadOnlyList<FileDescriptor> built = FileDescriptor.BuildFromByteStrings(
            Enumerable.Reverse(response.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal("library.Library", built[^1].Services[0].FullName);
    }

    [Fact]
    public async Task V1alpha_answers_the_same()
    {
        await using InMemoryServer server = Start();
        var client = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(server.Channel);
        using var call = client.ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { Host = "h", FileContainingSymbol = "library.Library.Find" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("h", call.ResponseStream.Current.ValidHost);
        Assert.Equal("library.Library.Find", call.ResponseStream.Current.OriginalRequest!.FileContainingSymbol);
        Assert.Equal(3, call.ResponseStream.Current.FileDescriptorResponse!.FileDescriptorProto.Count);
        await call.RequestStream.WriteAsync(new() { ListServices = "*" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Contains("library.Library", call.ResponseStream.Current.ListServicesResponse!.Service.Select(service => service.Name));
    }

    [Fact]
    public async Task A_service_without_a_descriptor_is_listed_and_shown_once_its_file_is_given()
    {
        Marshaller<Query> queries = Marshallers.Create(static query => query.ToByteArray(), Query.Parser.ParseFrom);
        ServerServiceDefinition byHand = ServerServiceDefinition.CreateBuilder()
            .AddMethod(new Method<Query, Query>(MethodType.Unary, "library.Library", "Find", queries, queries), (query, _) => Task.FromResult(query))
            .Build();
        Assert.Null(byHand.Descriptor);
        await using InMemoryServer server = InMemoryServer.Start(byHand);
        server.Server.AddReflectionService();
        using ReflectionSession session = new(server.Channel);
        Assert.Contains("library.Library", await session.ServicesAsync());
        Assert.StartsWith("5: ", Assert.Single(await session.SymbolAsync("library.Library")));

        await using InMemoryServer other = InMemoryServer.Start(byHand);
        other.Server.AddReflectionService(LibraryReflection.Descriptor);
        using ReflectionSession shown = new(other.Channel);
        Assert.Equal("library.proto", (await shown.SymbolAsync("library.Library"))[0]);
    }

    [Fact]
    public async Task A_service_with_interceptors_keeps_its_descriptor()
    {
        ServerServiceDefinition service = Library.Library.BindService(new LibraryService()).Intercept(new FaultInjector());
        Assert.Same(Library.Library.Descriptor, service.Descriptor);
        await using InMemoryServer server = InMemoryServer.Start(service);
        server.Server.AddReflectionService();
        using ReflectionSession session = new(server.Channel);
        Assert.Equal("library.proto", (await session.SymbolAsync("library.Library"))[0]);
    }

    [Fact]
    public async Task Services_that_are_given_are_shown_by_a_server_that_has_others()
    {
        await using InMemoryServer server = InMemoryServer.Start(
            ServerReflection.BindService(new ReflectionV1ServiceImpl(Library.Library.Descriptor)),
            Grpc.Reflection.V1Alpha.ServerReflection.BindService(new ReflectionServiceImpl(Library.Library.Descriptor)));
        using ReflectionSession session = new(server.Channel);
        Assert.Equal(["library.Library"], await session.ServicesAsync());
        Assert.Equal("library.proto", (await session.SymbolAsync("library.Library"))[0]);
        Assert.StartsWith("5: ", Assert.Single(await session.SymbolAsync("grpc.reflection.v1.ServerReflection")));
    }

    private static InMemoryServer Start(params FileDescriptor[] files)
    {
        InMemoryServer server = InMemoryServer.Start(Library.Library.BindService(new LibraryService()));
        server.Server.AddReflectionService(files);
        return server;
    }
}
