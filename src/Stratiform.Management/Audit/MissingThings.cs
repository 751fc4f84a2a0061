namespace Stratiform.Management.Audit;

/// <summary>What an operator does about what the database counts on and nobody finds: nothing can be taken away, and only he knows what it was worth.</summary>
internal static class MissingThings
{
    public static string WhatToDo(string kind) => kind switch
    {
        LeakKinds.Domain => "the cloud notices within a minute; what stays off is started again",
        LeakKinds.Network => "it is made anew after the host's next boot, or when the network is implemented again",
        LeakKinds.Volume => "put its file back, or destroy the virtual machine that it belongs to",
        _ => "put its file back, or delete its template and register it again",
    };
}
