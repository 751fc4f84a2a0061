namespace Stratiform.Host.Tests;

/// <summary>An ISO of a megabyte with nothing on it but what tells that it is one (ECMA-119, 8.4 and 8.3).</summary>
internal static class SmallDisc
{
    public const int Bytes = 1 << 20;
    private const int SectorBytes = 2048;

    public static Task WriteAsync(string path, params string[] standards) => File.WriteAllBytesAsync(path, Content(standards));

    /// <param name="standards">Names of the standards, one for each descriptor.</param>
    public static byte[] Content(params string[] standards)
    {
        var disc = new byte[Bytes];
        string[] names = standards.Length > 0 ? standards : ["CD001", "CD001"];
        for (var i = 0; i < names.Length; i++)
        {
            var at = (16 + i) * SectorBytes;
            disc[at] = i == 0 ? (byte)1 : (byte)255;
            System.Text.Encoding.ASCII.GetBytes(names[i]).CopyTo(disc, at + 1);
            disc[at + 6] = 1;
        }
        return disc;
    }
}
