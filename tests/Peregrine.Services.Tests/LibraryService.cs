// SPDX-License-Identifier: Apache-2.0
using Library;

namespace Peregrine.Services.Tests;

/// <summary>A service for reflection to show.</summary>
internal sealed class LibraryService : Library.Library.LibraryBase
{
    public override Task<Answer> Find(Query request, ServerCallContext context) =>
        Task.FromResult(new Answer { Book = new Book { Title = request.Title } });
}
