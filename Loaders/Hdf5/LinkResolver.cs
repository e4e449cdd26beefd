using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5;

/// <summary>Follows a path through soft links and further hard links to the object's first path.</summary>
internal static class LinkResolver
{
    /// <summary>Links followed on one way; HDF5's own limit is 16.</summary>
    private const int MostLinks = 16;

    /// <summary>The first path of what <paramref name="name"/> leads to, or null when it leads nowhere.</summary>
    /// <exception cref="FileFormatException">It leads over an external link, or over more than <see cref="MostLinks"/> links.</exception>
    public static string? Resolve(ArrayFile file, Hdf5Listing listing, string name)
    {
        var ahead = new Stack<string>();
        Push(ahead, name);
        string at = "";
        int followed = 0;
        while (ahead.TryPop(out string? step))
        {
            string next = at.Length == 0 ? step : $"{at}/{step}";
            if (!listing.Links.TryGetValue(next, out Link? link))
            {
                at = next;
                continue;
            }
            if (link.Kind == LinkKind.External)
            {
                throw new FileFormatException(file.Path, $"'{next}' is an external link to {link.Target}; other files are never opened");
            }
            if (++followed > MostLinks)
            {
                throw new FileFormatException(file.Path, $"'{name}' leads over more than {MostLinks} links, as a circle does");
            }
            // A hard link's target is a path from the root, a soft link's may be relative to its group.
            at = link.Kind == LinkKind.Hard || link.Target.StartsWith('/') ? "" : at;
            Push(ahead, link.Target);
        }
        return at;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (string step in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (step != ".")
            {
                ahead.Push(step);
            }
        }
    }
}
