// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Vocabulary;

public class CallOptionsTests
{
    [Fact]
    public void Each_With_method_changes_one_property()
    {
        var headers = new Metadata();
        var deadline = DateTime.UtcNow;
        using var source = new CancellationTokenSource();
        var write = new WriteOptions(WriteFlags.NoCompress);
        CallCredentials credentials = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        CallOptions options = new CallOptions()
            .WithHeaders(headers).WithDeadline(deadline).WithCancellationToken(source.Token).WithWriteOptions(write)
            .WithCredentials(credentials).WithWaitForReady();
        Assert.Same(headers, options.Headers);
        Assert.Equal(deadline, options.Deadline);
        Assert.Equal(source.Token, options.CancellationToken);
        Assert.Same(write, options.WriteOptions);
        Assert.Same(credentials, options.Credentials);
        Assert.True(options.IsWaitForReady);
        Assert.False(options.WithWaitForReady(false).IsWaitForReady);
        Assert.Same(headers, options.WithWaitForReady(false).Headers);
    }

    [Fact]
    public void A_propagation_token_carries_what_its_options_say()
    {
        using var source = new CancellationTokenSource();
        var deadline = DateTime.UtcNow;
        var all = new ContextPropagationToken(deadline, source.Token, null);
        Assert.Equal(deadline, all.ParentDeadline);
        Assert.Equal(source.Token, all.ParentCancellationToken);
        var none = new ContextPropagationToken(deadline, source.Token, new ContextPropagationOptions(false, false));
        Assert.Null(none.ParentDeadline);
        Assert.False(none.ParentCancellationToken.CanBeCanceled);
    }
}
