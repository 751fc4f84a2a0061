using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Stratiform.Management.Tests.Api;

/// <summary>Counts the statements that the server sends for calls; what it does on its own is left out.</summary>
public sealed class SqlCounter : DbCommandInterceptor
{
    private readonly HttpContextAccessor _http = new();
    private int _count;

    public int Count => _count;

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        CountOne();
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        CountOne();
        return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }

    private void CountOne()
    {
        if (_http.HttpContext is not null) Interlocked.Increment(ref _count);
    }
}
