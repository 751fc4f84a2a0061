using System.Text;

namespace Stratiform.Linux;

/// <summary>Writes files that are whole or not there, also after a crash.</summary>
public static class DurableFile
{
    /// <summary>Replaces the file; when this returns its content is on the disk.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>What others have written to the file is on the disk: many a disk tells only now of what it could not take.</summary>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
