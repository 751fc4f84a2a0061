namespace Stratiform.Protocol;

/// <summary>
/// The worker is set up like this: its cards have these addresses and it knows these stores. What it knew beyond them it forgets.
/// The messages of this file are about a program of ours inside a system VM; its host's agent passes them on.
/// </summary>
/// <param name="WorkerId">The worker's domain.</param>
/// <param name="Setup">How it is to be.</param>
public sealed record EnsureWorker(Guid WorkerId, WorkerSetup Setup) : IEnsure<WorkerReport>;

/// <summary>Asks what a worker does; one that does not answer (yet) is no error.</summary>
/// <param name="WorkerId">The worker's domain.</param>
public sealed record ReadWorker(Guid WorkerId) : IHostMessage<WorkerReport>;

/// <summary>
/// The image lies whole and verified in the store, brought there by the worker: <see cref="EnsureImage.PoolId"/> is the store.
/// A named job of the worker: answers its progress until done. A worker that was booted anew begins from the start.
/// </summary>
/// <param name="WorkerId">The worker's domain.</param>
/// <param name="Image">What is wanted.</param>
public sealed record EnsureImageInStore(Guid WorkerId, EnsureImage Image) : IEnsure<ImageProgress>;

/// <summary>The store has nothing of the image, and no job of this worker brings it.</summary>
/// <param name="WorkerId">The worker's domain.</param>
/// <param name="StoreId">The store.</param>
/// <param name="ImageId">The image's UUID in the store.</param>
public sealed record EnsureNoImageInStore(Guid WorkerId, Guid StoreId, Guid ImageId) : IEnsure<Done>;

/// <summary>Asks for space and content of a store, as a worker sees it.</summary>
/// <param name="WorkerId">The worker's domain.</param>
/// <param name="StoreId">The store.</param>
public sealed record ReadStore(Guid WorkerId, Guid StoreId) : IHostMessage<StoreInventory>;

/// <summary>What a worker must know; it remembers nothing over a boot.</summary>
public sealed record WorkerSetup
{
    /// <summary>Its cards.</summary>
    public required IReadOnlyList<WorkerNic> Nics { get; init; }
    /// <summary>Name servers to ask, addresses.</summary>
    public IReadOnlyList<string> Resolvers { get; init; } = [];
    /// <summary>The stores that it works for.</summary>
    public IReadOnlyList<StoreAddress> Stores { get; init; } = [];
    /// <summary>The key that links to it are signed with, see <see cref="StoreLink"/>. Secret.</summary>
    public required byte[] LinkKey { get; init; }
}

/// <summary>One card of a worker.</summary>
/// <param name="Mac">By which it is found: six lower-case hexadecimal pairs with colons.</param>
/// <param name="Address">Address and length of the prefix, such as <c>192.0.2.7/24</c>.</param>
/// <param name="Mtu">MTU, bytes.</param>
/// <param name="Gateway">The way to everywhere else; empty for all cards but one.</param>
public sealed record WorkerNic(string Mac, string Address, int Mtu, string Gateway = "");

/// <summary>Where a store is.</summary>
public sealed record StoreAddress
{
    /// <summary>The store.</summary>
    public required Guid StoreId { get; init; }
    /// <summary><c>nfs://server/path</c>, or the endpoint of an object store, <c>https://server/bucket</c>.</summary>
    public required string Url { get; init; }
    /// <summary>Who asks an object store; empty for others.</summary>
    public string AccessKey { get; init; } = "";
    /// <summary>The proof of it. Secret.</summary>
    public string SecretKey { get; init; } = "";
}

/// <summary>What a worker does.</summary>
public sealed record WorkerReport
{
    /// <summary>False until the program inside answers.</summary>
    public required bool Answers { get; init; }
    /// <summary>True when it has been set up since it booted.</summary>
    public bool IsSetUp { get; init; }
    /// <summary>Transfers and requests that are under way.</summary>
    public int Sessions { get; init; }
    /// <summary>Bytes taken in from outside and written to stores since it booted.</summary>
    public long BytesIn { get; init; }
    /// <summary>Bytes served since it booted.</summary>
    public long BytesOut { get; init; }
    /// <summary>Memory of the program (resident set), bytes.</summary>
    public long MemoryBytes { get; init; }
    /// <summary>The program's version.</summary>
    public string Version { get; init; } = "";
}

/// <summary>Space and content of a store.</summary>
public sealed record StoreInventory
{
    /// <summary>Space; a store without a size has a capacity of 0.</summary>
    public required PoolReport Space { get; init; }
    /// <summary>What lies in it.</summary>
    public required IReadOnlyList<StoreObject> Objects { get; init; }
}

/// <summary>Something that lies in a store.</summary>
/// <param name="ImageId">The image's UUID in the store.</param>
/// <param name="Whole">False for a part that has not become an image.</param>
/// <param name="Bytes">What it takes.</param>
/// <param name="ChangedAt">When it was written last.</param>
public sealed record StoreObject(Guid ImageId, bool Whole, long Bytes, DateTimeOffset ChangedAt);
