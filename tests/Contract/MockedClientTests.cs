// SPDX-License-Identifier: Apache-2.0
using System.Linq.Expressions;
using Peregrine;
using Xunit;

namespace Contract;

/// <summary>
/// What mocking libraries need: virtual methods, a protected parameterless constructor, and calls that can be written as expression
/// trees, where optional arguments may not be left out and null must stay unambiguous.
/// </summary>
public class MockedClientTests
{
    private class MockLibraryClient : Library.LibraryClient
    {
        public MockLibraryClient()
        {
        }

        public override AsyncUnaryCall<Book> LendAsync(Book request, CallOptions options)
        {
            return CallHelpers.CreateAsyncUnaryCall(new Book { Title = "mocked" });
        }
    }

    private static class CallHelpers
    {
        public static AsyncUnaryCall<TResponse> CreateAsyncUnaryCall<TResponse>(TResponse response)
        {
            return new AsyncUnaryCall<TResponse>(
                Task.FromResult(response),
                Task.FromResult(new Metadata()),
                () => Status.DefaultSuccess,
                () => new Metadata(),
                () => { });
        }
    }

    [Fact]
    public async Task A_mocked_client_answers()
    {
        Assert.Equal("mocked", (await new MockLibraryClient().LendAsync(new Book())).Title);
    }

    [Fact]
    public void A_method_that_was_not_mocked_says_so()
    {
        var error = Assert.ThrowsAny<Exception>(() => new MockLibraryClient().Lend(new Book()));
        Assert.Contains("/library.Library/Lend", error.Message);
    }

    [Fact]
    public void Calls_are_written_as_expression_trees()
    {
        Expression<Func<Library.LibraryClient, AsyncUnaryCall<Book>>> setup =
            m => m.LendAsync(It.IsAny<Book>(), null, null, CancellationToken.None);
        Assert.Equal("LendAsync", ((MethodCallExpression)setup.Body).Method.Name);
    }

    private static class It
    {
        public static T IsAny<T>() => default!;
    }
}
