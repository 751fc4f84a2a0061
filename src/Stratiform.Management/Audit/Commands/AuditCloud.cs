using Stratiform.Management.Api;

namespace Stratiform.Management.Audit.Commands;

/// <summary>What hosts, pools and database disagree about: an operator's question, so it asks the hosts themselves.</summary>
[Command("Compares hosts and pools with the database, both ways, and lists leaks")]
internal sealed record AuditCloud : IQuery<AuditWire>;

internal sealed class AuditCloudHandler(CloudAudit audit) : IHandle<AuditCloud, AuditWire>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<AuditWire> HandleAsync(AuditCloud command, Caller caller, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await audit.LookAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Refusal.Unavailable($"The audit was not done within {Patience.TotalMinutes:0} minutes; try again when the cloud is quieter.");
        }
    }
}
