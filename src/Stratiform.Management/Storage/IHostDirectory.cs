using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>A directory that hosts see and keep images in: a pool, or an image store. To a host both are pools.</summary>
public interface IHostDirectory
{
    /// <summary>Its id on hosts.</summary>
    Guid Key { get; }

    /// <summary>Where hosts find it.</summary>
    string Path { get; }

    /// <summary>Notes what a host saw.</summary>
    void Measure(PoolReport space);
}
