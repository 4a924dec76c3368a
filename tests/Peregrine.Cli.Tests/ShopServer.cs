// SPDX-License-Identifier: Apache-2.0

using Google.Rpc;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Cli.Tests;

/// <summary>A server with a method of each kind, made of descriptors: it stands for one that was written in another language.</summary>
internal sealed class ShopServer : IAsyncDisposable
{
    /// <summary>What it serves.</summary>
    public const string Proto = """
        // All about the shop.
        syntax = "proto3";
        package shop.v1;
        import "google/protobuf/any.proto";
        import "google/protobuf/timestamp.proto";

        // Sells things.
        service Shop {
          // Buys one thing.
          rpc Buy(Order) returns (Receipt);
          rpc Watch(Order) returns (stream Receipt);
          rpc Fill(stream Order) returns (Receipt);
          rpc Chat(stream Order) returns (stream Receipt);
        }

        message Order {
          // What to buy.
          string item = 1;
          int32 count = 2;
          google.protobuf.Any extra = 3;
        }

        message Receipt {
          string text = 1;
          int64 total = 2;
          google.protobuf.Any extra = 3;
          google.protobuf.Timestamp at = 4;
        }

        message Gift { string name = 1; }
        """;

    private readonly GrpcServer _server;
    private readonly MessageDescriptor _order;
    private readonly MessageDescriptor _receipt;

    private ShopServer(GrpcServerOptions options)
    {
        _server = new GrpcServer(options);
        var pool = DescriptorPool.FromFileDescriptorSet(Set());
        Pool = pool;
        _order = pool.FindMessage("shop.v1.Order")!;
        _receipt = pool.FindMessage("shop.v1.Receipt")!;
    }

    /// <summary>The descriptors.</summary>
    public DescriptorPool Pool { get; }

    /// <summary>The address, without scheme.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The headers of the last call.</summary>
    public Metadata Headers { get; private set; } = [];

    /// <summary>The <c>:authority</c> of the last call.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Is done when a call waits that has no end.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Is done when a call was cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts one.</summary>
    /// <param name="credentials">Plaintext when null.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="more">Another service.</param>
    public static async Task<ShopServer> StartAsync(ServerCredentials? credentials = null, string address = "127.0.0.1:0", params ServerServiceDefinition[] more)
    {
        var server = new ShopServer(new GrpcServerOptions());
        server._server.AddService(server.Bind());
        foreach (var service in more)
        {
            server._server.AddService(service);
        }

        var port = await server._server.ListenAsync(address, credentials ?? ServerCredentials.Insecure);
        server.Address = address.EndsWith(":0") ? $"127.0.0.1:{port}" : address;
        return server;
    }

    /// <summary>The files of the schema, all imports included.</summary>
    public static FileDescriptorSet Set()
    {
        var result = Compilation.CompileText(Proto, "shop.proto", new CompilationOptions { Forms = DescriptorForms.WithSourceInfo });
        var set = new FileDescriptorSet();
        set.File.AddRange(DescriptorSet.Order(result, includeImports: true).Select(file => file.Descriptor));
        return set;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private ServerServiceDefinition Bind() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Method("Buy", MethodType.Unary), BuyAsync)
        .AddMethod(Method("Watch", MethodType.ServerStreaming), WatchAsync)
        .AddMethod(Method("Fill", MethodType.ClientStreaming), FillAsync)
        .AddMethod(Method("Chat", MethodType.DuplexStreaming), ChatAsync)
        .Build();

    private Method<DynamicMessage, DynamicMessage> Method(string name, MethodType type) => new(type, "shop.v1.Shop", name, Marshal(_order), Marshal(_receipt));

    private static Marshaller<DynamicMessage> Marshal(MessageDescriptor type) => new(message => message.ToByteArray(), bytes => DynamicMessage.ParserOf(type).ParseFrom(bytes));

    private async Task<DynamicMessage> BuyAsync(DynamicMessage order, ServerCallContext context)
    {
        (Headers, Host) = (context.RequestHeaders, context.Host);
        await context.WriteResponseHeadersAsync([new("x-shop", "open"), new("x-shop-bin", [1, 2, 3])]);
        context.ResponseTrailers.Add("x-till", "7");
        switch ((string)order["item"]!)
        {
            case "nothing":
                throw Failure();
            case "escape":
                throw new RpcException(new Status(StatusCode.NotFound, "no \u001b[31mred\u001b[0m\nthing \u202e"));
            case "gift":
                var gift = new DynamicMessage(Pool.FindMessage("shop.v1.Gift")!) { ["name"] = "bow" };
                return Receipt("gift", 0, Pack("shop.v1.Gift", gift.ToByteString()));
            case "mystery":
                return Receipt("?", 0, Pack("other.Unknown", ByteString.CopyFrom(8, 1)));
            case "never":
                await WaitAsync(context);
                break;
        }

        return Receipt($"{order["count"]} {order["item"]}", (int)order["count"]!);
    }

    private async Task WatchAsync(DynamicMessage order, IServerStreamWriter<DynamicMessage> receipts, ServerCallContext context)
    {
        for (var i = 1; i <= (int)order["count"]!; i++)
        {
            await receipts.WriteAsync(Receipt($"{order["item"]} {i}", i));
        }

        if ((string)order["item"]! == "forever")
        {
            await WaitAsync(context);
        }
    }

    private async Task<DynamicMessage> FillAsync(IAsyncStreamReader<DynamicMessage> orders, ServerCallContext context)
    {
        List<string> items = [];
        await foreach (var order in orders.ReadAllAsync())
        {
            items.Add((string)order["item"]!);
        }

        return Receipt(string.Join("+", items), items.Count);
    }

    private async Task ChatAsync(IAsyncStreamReader<DynamicMessage> orders, IServerStreamWriter<DynamicMessage> receipts, ServerCallContext context)
    {
        await foreach (var order in orders.ReadAllAsync())
        {
            await receipts.WriteAsync(Receipt((string)order["item"]!, 1));
            if ((string)order["item"]! == "stop")
            {
                throw new RpcException(new Status(StatusCode.Aborted, "stopped"));
            }
        }
    }

    private async Task WaitAsync(ServerCallContext context)
    {
        using var registration = context.CancellationToken.Register(() => Cancelled.TrySetResult());
        Waiting.TrySetResult();
        await Cancelled.Task;
    }

    private DynamicMessage Receipt(string text, long total, DynamicMessage? extra = null) => new(_receipt) { ["text"] = text, ["total"] = total, ["extra"] = extra };

    private DynamicMessage Pack(string type, ByteString value) =>
        new(Pool.FindMessage("google.protobuf.Any")!) { ["type_url"] = "type.googleapis.com/" + type, ["value"] = value };

    private RpcException Failure()
    {
        var request = new BadRequest();
        request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "item", Description = "must be \u001bsomething" });
        var status = new Google.Rpc.Status { Code = (int)Code.InvalidArgument, Message = "nothing is no item" };
        status.Details.Add(Any.Pack(request));
        status.Details.Add(new Any { TypeUrl = "type.googleapis.com/shop.v1.Gift", Value = ByteString.CopyFrom(10, 1, (byte)'b') });
        status.Details.Add(new Any { TypeUrl = "type.googleapis.com/other.Unknown", Value = ByteString.CopyFrom(1, 2) });
        return status.ToRpcException();
    }
}
