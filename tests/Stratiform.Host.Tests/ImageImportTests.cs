using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.Host.Tests;

/// <summary>Images of every format and packing, made by the tools that people use, and those that would lead a host astray.</summary>
[Collection(OnTheHost.Name)]
public sealed class ImageImportTests : IAsyncLifetime
{
    private const long Size = 16 << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("import").FullName;
    private readonly byte[] _disk = new byte[Size];

    private string Raw => $"{_folder}/disk.raw";

    public async Task InitializeAsync()
    {
        new Random(7).NextBytes(_disk.AsSpan(0, 1 << 20));
        await File.WriteAllBytesAsync(Raw, _disk, CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(ImageFormat.Raw, "raw", "")]
    [InlineData(ImageFormat.Qcow2, "qcow2", "")]
    [InlineData(ImageFormat.Vmdk, "vmdk", "subformat=monolithicSparse")]
    [InlineData(ImageFormat.Vmdk, "vmdk", "subformat=streamOptimized")]
    [InlineData(ImageFormat.Vhd, "vpc", "subformat=dynamic,force_size=on")]
    [InlineData(ImageFormat.Vhd, "vpc", "subformat=fixed,force_size=on")]
    [InlineData(ImageFormat.Vhdx, "vhdx", "")]
    public async Task Every_format_becomes_the_same_disk(ImageFormat format, string driver, string options)
    {
        var image = await MakeAsync(driver, options);
        await ShouldBecomeTheDiskAsync(image, format);
    }

    [Theory]
    [InlineData("gzip", "-c")]
    [InlineData("bzip2", "-c")]
    [InlineData("xz", "-c")]
    [InlineData("zstd", "-cq")]
    public async Task Every_packing_is_undone(string program, string option)
    {
        var packed = $"{_folder}/packed";
        await Shell.RunAsync("sh", ["-c", $"{program} {option} '{Raw}' >'{packed}'"]);
        await ShouldBecomeTheDiskAsync(packed, ImageFormat.Raw);
    }

    [Fact]
    public async Task A_zip_holds_one_image()
    {
        var (one, two) = ($"{_folder}/one.zip", $"{_folder}/two.zip");
        foreach (var (path, names) in new[] { (one, new[] { "../disk.raw" }), (two, ["disk.raw", "readme.txt"]) })
        {
            await using var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
            foreach (var name in names) await zip.CreateEntryFromFileAsync(Raw, name);
        }
        await ShouldBecomeTheDiskAsync(one, ImageFormat.Raw);
        await RefusedAsync(two, ImageFormat.Raw, "it holds 2 files instead of one image");
    }

    [Fact]
    public async Task An_appliance_holds_one_disk()
    {
        var disk = await MakeAsync("vmdk", "subformat=streamOptimized");
        await ShouldBecomeTheDiskAsync(await ArchiveAsync("appliance.ovf", "../../disk.vmdk"), ImageFormat.Ova);
        await RefusedAsync(await ArchiveAsync("a.ovf", "a.vmdk", "b.vmdk"), ImageFormat.Ova, "it has several disks");
        await RefusedAsync(await ArchiveAsync("a.ovf"), ImageFormat.Ova, "it is an archive without a disk");

        async Task<string> ArchiveAsync(params string[] names)
        {
            var path = $"{_folder}/{names.Length}.ova";
            await using var file = File.Create(path);
            await using var tar = new TarWriter(file, TarEntryFormat.Ustar);
            foreach (var name in names)
            {
                await using var content = name.EndsWith(".vmdk", StringComparison.Ordinal) ? File.OpenRead(disk) : Stream.Null;
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content });
            }
            return path;
        }
    }

    [Fact]
    public async Task What_leads_out_of_itself_is_refused_before_a_tool_opens_it()
    {
        var outside = await MakeAsync("qcow2", "");
        var child = $"{_folder}/child";
        await Shell.RunAsync("qemu-img", ["create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", child, "1M"]);
        await RefusedAsync(child, ImageFormat.Qcow2, "it has a backing file");
        await Shell.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-o", $"data_file={_folder}/data", child, "1M"]);
        await RefusedAsync(child, ImageFormat.Qcow2, "it keeps its data in another file");
        await File.WriteAllTextAsync(child, "# Disk DescriptorFile\nversion=1\ncreateType=\"monolithicFlat\"\nRW 1 FLAT \"/etc/passwd\" 0\n");
        await RefusedAsync(child, ImageFormat.Vmdk, "it keeps its data in other files");
        var vmdk = await MakeAsync("vmdk", "subformat=monolithicSparse");
        var bytes = await File.ReadAllBytesAsync(vmdk);
        "parentFileNameHint=\"/etc/passwd\"\n"u8.CopyTo(bytes.AsSpan(512 + 700));
        await File.WriteAllBytesAsync(vmdk, bytes);
        await RefusedAsync(vmdk, ImageFormat.Vmdk, "it has a parent image");
        bytes.AsSpan(12, 8).Clear();
        await File.WriteAllBytesAsync(vmdk, bytes);
        await RefusedAsync(vmdk, ImageFormat.Vmdk, "it keeps its data in other files");
        var vhd = await MakeAsync("vpc", "subformat=dynamic");
        bytes = await File.ReadAllBytesAsync(vhd);
        bytes[63] = 4;
        await File.WriteAllBytesAsync(vhd, bytes);
        await RefusedAsync(vhd, ImageFormat.Vhd, "it has a parent image");
        File.Exists(outside).ShouldBeTrue();
    }

    [Theory]
    [InlineData("CD001", "CD001")]
    [InlineData("BEA01", "NSR02")]
    [InlineData("BEA01", "NSR03")]
    public async Task A_disc_stays_what_it_is(params string[] standards)
    {
        var disc = $"{_folder}/disc.iso";
        await SmallDisc.WriteAsync(disc, standards);
        // One that can also be put on a stick begins with a partition table.
        var bytes = await File.ReadAllBytesAsync(disc);
        (bytes[510], bytes[511]) = (0x55, 0xaa);
        await File.WriteAllBytesAsync(disc, bytes);
        await Shell.RunAsync("gzip", ["-k", disc]);
        foreach (var path in new[] { disc, disc + ".gz" })
        {
            await ImportAsync(path, ImageFormat.Iso);
            (await File.ReadAllBytesAsync(path)).ShouldBe(bytes);
        }
        await Should.ThrowAsync<TooLargeException>(() => ImportAsync(disc, ImageFormat.Iso, maxVirtual: SmallDisc.Bytes - 1));
        await RefusedAsync(disc, ImageFormat.Qcow2, "it is no QCOW2 image but ISO");
        await ImportAsync(disc, ImageFormat.Raw);
        await RefusedAsync(disc, ImageFormat.Iso, "it is no ISO image but QCOW2");
    }

    [Fact]
    public async Task What_is_not_what_it_is_said_to_be_is_refused()
    {
        await RefusedAsync(await CopyAsync(Raw), ImageFormat.Iso, "it is no ISO image but RAW");
        await RefusedAsync(await MakeAsync("qcow2", ""), ImageFormat.Raw, "it is no RAW image but QCOW2");
        await RefusedAsync(await MakeAsync("vhdx", ""), ImageFormat.Qcow2, "it is no QCOW2 image but VHDX");
        await RefusedAsync(await CopyAsync(Raw), ImageFormat.Vmdk, "it is no VMDK image but RAW");
        var broken = $"{_folder}/broken.gz";
        await Shell.RunAsync("sh", ["-c", $"gzip -c '{Raw}' | head -c 5000 >'{broken}'"]);
        await RefusedAsync(broken, ImageFormat.Raw, "it cannot be unpacked");
        var bytes = await File.ReadAllBytesAsync(await MakeAsync("vmdk", "subformat=monolithicSparse"));
        await File.WriteAllBytesAsync(broken, bytes.AsMemory(0, 4096));
        var told = (await Should.ThrowAsync<InvalidDataException>(() => ImportAsync(broken, ImageFormat.Vmdk))).Message;
        told.ShouldStartWith("it cannot be converted: ");
        foreach (var inner in new[] { "\n", "setpriv", "/dev/fd", _folder }) told.ShouldNotContain(inner);
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -cq")]
    public async Task A_few_bytes_do_not_fill_the_disk(string program)
    {
        var bomb = $"{_folder}/bomb";
        await Shell.RunAsync("sh", ["-c", $"head -c 300M /dev/zero | {program} >'{bomb}'"]);
        (await Should.ThrowAsync<TooLargeException>(() => ImportAsync(bomb, ImageFormat.Raw, maxBytes: 1 << 20))).Message.ShouldContain("come out of it");
        Directory.EnumerateFiles(_folder).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(64 << 20);
        await Should.ThrowAsync<TooLargeException>(() => ImportAsync(Raw, ImageFormat.Raw, maxVirtual: Size - 1));
    }

    private async Task<string> MakeAsync(string driver, string options)
    {
        var image = $"{_folder}/{driver}-{options}";
        string[] with = options.Length > 0 ? ["-o", options] : [];
        await Shell.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", driver, .. with, Raw, image]);
        return image;
    }

    private static async Task<string> CopyAsync(string path)
    {
        await Shell.RunAsync("cp", [path, path + "-copy"]);
        return path + "-copy";
    }

    private static Task<bool> ImportAsync(string path, ImageFormat format, long maxBytes = 1L << 30, long maxVirtual = 1L << 30) =>
        ImageImport.RunAsync(path, format, maxBytes, maxVirtual, CancellationToken.None);

    private static async Task RefusedAsync(string path, ImageFormat format, string why) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ImportAsync(path, format))).Message.ShouldContain(why);

    private async Task ShouldBecomeTheDiskAsync(string path, ImageFormat format)
    {
        await ImportAsync(path, format);
        await Shell.RunAsync("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", path, path + ".back"]);
        var back = await File.ReadAllBytesAsync(path + ".back");
        SHA256.HashData(back.AsSpan(0, (int)Size)).ShouldBe(SHA256.HashData(_disk));
        back.AsSpan((int)Size).ContainsAnyExcept((byte)0).ShouldBeFalse();
        File.Exists(path + ".plain").ShouldBeFalse();
    }
}
