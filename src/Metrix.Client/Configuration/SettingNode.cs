namespace Metrix.Client.Configuration;

/// <summary>
/// One key of a configuration section with what stands under it, whatever the configuration came from.
/// </summary>
internal sealed class SettingNode
{
    private readonly List<SettingNode> _children = [];

    private SettingNode(string key, string path)
    {
        Key = key;
        Path = path;
    }

    public string Key { get; }

    /// <summary>The path below the section, as in <c>Apps:android:DevKey</c>.</summary>
    public string Path { get; }

    public string? Value { get; private set; }

    public IReadOnlyList<SettingNode> Children => _children;

    /// <summary>
    /// Makes a tree of flat pairs such as <c>Slugs:Purchase</c> = <c>taqsq</c>. Keys are compared without regard to case,
    /// as configuration does.
    /// </summary>
    public static SettingNode FromPairs(IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        var root = new SettingNode("", "");
        foreach (var (path, value) in pairs)
        {
            if (path.Length == 0)
                continue;

            var node = root;
            foreach (var key in path.Split(':'))
                node = node.ChildOrNew(key);
            node.Value = value;
        }

        return root;
    }

    private SettingNode ChildOrNew(string key)
    {
        foreach (var child in _children)
        {
            if (string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase))
                return child;
        }

        var made = new SettingNode(key, Path.Length == 0 ? key : $"{Path}:{key}");
        _children.Add(made);
        return made;
    }
}
