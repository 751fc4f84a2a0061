using System.Runtime.InteropServices;

namespace Stratiform.Linux;

/// <summary>The part of libvirt's C interface that is used here; names as in libvirt-domain.h and libvirt-qemu.h of 9.0.</summary>
internal static unsafe partial class LibvirtNative
{
    private const string Libvirt = "libvirt.so.0";
    private const string LibvirtQemu = "libvirt-qemu.so.0";

    [LibraryImport(Libvirt)]
    public static partial int virInitialize();

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibvirtConnectHandle virConnectOpen(string name);

    [LibraryImport(Libvirt)]
    public static partial int virConnectClose(nint connection);

    [LibraryImport(Libvirt)]
    public static partial int virConnectIsAlive(LibvirtConnectHandle connection);

    [LibraryImport(Libvirt)]
    public static partial int virConnectGetLibVersion(LibvirtConnectHandle connection, out ulong version);

    [LibraryImport(Libvirt)]
    public static partial int virConnectGetVersion(LibvirtConnectHandle connection, out ulong version);

    [LibraryImport(Libvirt)]
    public static partial int virConnectListAllDomains(LibvirtConnectHandle connection, out nint domains, uint flags);

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibvirtDomainHandle virDomainLookupByUUIDString(LibvirtConnectHandle connection, string uuid);

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibvirtDomainHandle virDomainDefineXMLFlags(LibvirtConnectHandle connection, string xml, uint flags);

    [LibraryImport(Libvirt)]
    public static partial int virDomainFree(nint domain);

    [LibraryImport(Libvirt)]
    public static partial int virDomainGetUUIDString(nint domain, byte* buffer);

    [LibraryImport(Libvirt)]
    public static partial int virDomainGetState(nint domain, out int state, out int reason, uint flags);

    [LibraryImport(Libvirt)]
    public static partial int virDomainCreate(LibvirtDomainHandle domain);

    [LibraryImport(Libvirt)]
    public static partial int virDomainDestroy(LibvirtDomainHandle domain);

    [LibraryImport(Libvirt)]
    public static partial int virDomainUndefineFlags(LibvirtDomainHandle domain, uint flags);

    [LibraryImport(Libvirt)]
    public static partial int virDomainShutdownFlags(LibvirtDomainHandle domain, uint flags);

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainUpdateDeviceFlags(LibvirtDomainHandle domain, string xml, uint flags);

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainAttachDeviceFlags(LibvirtDomainHandle domain, string xml, uint flags);

    [LibraryImport(Libvirt, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainDetachDeviceFlags(LibvirtDomainHandle domain, string xml, uint flags);

    [LibraryImport(Libvirt)]
    public static partial nint virDomainGetXMLDesc(LibvirtDomainHandle domain, uint flags);

    [LibraryImport(LibvirtQemu, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virDomainQemuAgentCommand(LibvirtDomainHandle domain, string command, int timeout, uint flags);

    [LibraryImport(LibvirtQemu, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainQemuMonitorCommand(LibvirtDomainHandle domain, string command, out nint result, uint flags);

    [LibraryImport(Libvirt)]
    public static partial LibvirtError* virGetLastError();

    [LibraryImport(Libvirt)]
    public static partial void virSetErrorFunc(nint userData, delegate* unmanaged<nint, LibvirtError*, void> handler);

    [LibraryImport("libc")]
    public static partial void free(nint memory);

    /// <summary>The head of virError in virterror.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LibvirtError
    {
        public int Code;
        public int Domain;
        public nint Message;
    }
}

/// <summary>A connection to libvirtd.</summary>
internal sealed class LibvirtConnectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virConnectClose(handle) >= 0;
}

/// <summary>libvirt's object for a domain.</summary>
internal sealed class LibvirtDomainHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtNative.virDomainFree(handle) >= 0;
}
