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
}
