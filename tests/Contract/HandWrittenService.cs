// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine;

namespace Contract;

public class Book
{
    public string Title { get; set; } = "";
}

/// <summary>A service without generated code: methods and marshallers by hand, in the shape that generators write.</summary>
public static partial class Library
{
    static readonly string ServiceName = "library.Library";

    static readonly Marshaller<Book> Marshaller_Book = Marshallers.Create<Book>(
        (arg) => Encoding.UTF8.GetBytes(arg.Title),
        (bytes) => new Book { Title = Encoding.UTF8.GetString(bytes) });

    internal static readonly Method<Book, Book> __Method_Lend = new Method<Book, Book>(
        MethodType.Unary,
        ServiceName,
        "Lend",
        Marshaller_Book,
        Marshaller_Book);

    internal static readonly Method<Book, Book> __Method_Watch = new Method<Book, Book>(
        MethodType.ServerStreaming, ServiceName, "Watch", Marshaller_Book, Marshaller_Book);

    internal static readonly Method<Book, Book> __Method_Return = new Method<Book, Book>(
        MethodType.ClientStreaming, ServiceName, "Return", Marshaller_Book, Marshaller_Book);

    internal static readonly Method<Book, Book> __Method_Chat = new Method<Book, Book>(
        MethodType.DuplexStreaming, ServiceName, "Chat", Marshaller_Book, Marshaller_Book);

    [BindServiceMethod(typeof(Library), "BindService")]
    public abstract partial class LibraryBase
    {
        public virtual Task<Book> Lend(Book request, ServerCallContext context)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, ""));
        }

        public virtual Task Watch(Book request, IServerStreamWriter<Book> responseStream, ServerCallContext context)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, ""));
        }

        public virtual Task<Book> Return(IAsyncStreamReader<Book> requestStream, ServerCallContext context)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, ""));
        }

        public virtual Task Chat(IAsyncStreamReader<Book> requestStream, IServerStreamWriter<Book> responseStream, ServerCallContext context)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, ""));
        }
    }

    public partial class LibraryClient : ClientBase<LibraryClient>
    {
        public LibraryClient(ChannelBase channel) : base(channel)
        {
        }

        public LibraryClient(CallInvoker callInvoker) : base(callInvoker)
        {
        }

        protected LibraryClient() : base()
        {
        }

        protected LibraryClient(ClientBaseConfiguration configuration) : base(configuration)
        {
        }

        public virtual Book Lend(Book request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Lend(request, new CallOptions(headers, deadline, cancellationToken));
        }

        public virtual Book Lend(Book request, CallOptions options)
        {
            return CallInvoker.BlockingUnaryCall(__Method_Lend, null, options, request);
        }

        public virtual AsyncUnaryCall<Book> LendAsync(Book request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return LendAsync(request, new CallOptions(headers, deadline, cancellationToken));
        }

        public virtual AsyncUnaryCall<Book> LendAsync(Book request, CallOptions options)
        {
            return CallInvoker.AsyncUnaryCall(__Method_Lend, null, options, request);
        }

        public virtual AsyncServerStreamingCall<Book> Watch(Book request, CallOptions options)
        {
            return CallInvoker.AsyncServerStreamingCall(__Method_Watch, null, options, request);
        }

        public virtual AsyncClientStreamingCall<Book, Book> Return(CallOptions options)
        {
            return CallInvoker.AsyncClientStreamingCall(__Method_Return, null, options);
        }

        public virtual AsyncDuplexStreamingCall<Book, Book> Chat(CallOptions options)
        {
            return CallInvoker.AsyncDuplexStreamingCall(__Method_Chat, null, options);
        }

        protected override LibraryClient NewInstance(ClientBaseConfiguration configuration)
        {
            return new LibraryClient(configuration);
        }
    }

    public static ServerServiceDefinition BindService(LibraryBase serviceImpl)
    {
        return ServerServiceDefinition.CreateBuilder()
            .AddMethod(__Method_Lend, serviceImpl.Lend)
            .AddMethod(__Method_Watch, serviceImpl.Watch)
            .AddMethod(__Method_Return, serviceImpl.Return)
            .AddMethod(__Method_Chat, serviceImpl.Chat).Build();
    }

    public static void BindService(ServiceBinderBase serviceBinder, LibraryBase serviceImpl)
    {
        serviceBinder.AddMethod(__Method_Lend, serviceImpl == null ? null : new UnaryServerMethod<Book, Book>(serviceImpl.Lend));
        serviceBinder.AddMethod(__Method_Watch, serviceImpl == null ? null : new ServerStreamingServerMethod<Book, Book>(serviceImpl.Watch));
        serviceBinder.AddMethod(__Method_Return, serviceImpl == null ? null : new ClientStreamingServerMethod<Book, Book>(serviceImpl.Return));
        serviceBinder.AddMethod(__Method_Chat, serviceImpl == null ? null : new DuplexStreamingServerMethod<Book, Book>(serviceImpl.Chat));
    }
}
