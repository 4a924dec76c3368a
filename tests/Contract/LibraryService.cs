// SPDX-License-Identifier: Apache-2.0
using Peregrine;

namespace Contract;

/// <summary>A service class as users write it over a generated base.</summary>
public class LibraryService : Library.LibraryBase
{
    public override Task<Book> Lend(Book request, ServerCallContext context)
    {
        if (string.IsNullOrEmpty(request.Title))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A title is needed"), new Metadata { { "field", "title" } });
        }

        context.ResponseTrailers.Add("shelf", "7");
        return Task.FromResult(new Book { Title = $"{request.Title} for {context.Peer}" });
    }

    public override async Task Watch(Book request, IServerStreamWriter<Book> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "kind", "watch" } });
        responseStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        for (var i = 0; i < 3 && !context.CancellationToken.IsCancellationRequested; i++)
        {
            await responseStream.WriteAsync(new Book { Title = request.Title + i });
        }
    }

    public override async Task<Book> Return(IAsyncStreamReader<Book> requestStream, ServerCallContext context)
    {
        var titles = new List<string>();
        while (await requestStream.MoveNext())
        {
            titles.Add(requestStream.Current.Title);
        }

        return new Book { Title = string.Join("+", titles) };
    }

    public override async Task Chat(IAsyncStreamReader<Book> requestStream, IServerStreamWriter<Book> responseStream, ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(message);
        }
    }
}
