namespace Metrix.Client.Configuration;

/// <summary>
/// Represents one key of a configuration section and its children, regardless of the configuration source.
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

    /// <summary>Gets the path below the section, such as <c>Apps:android:DevKey</c>.</summary>
    public string Path { get; }

    public string? Value { get; private set; }

    public IReadOnlyList<SettingNode> Children => _children;

    /// <summary>
    /// Builds a tree from flat pairs such as <c>Slugs:Purchase</c> = <c>taqsq</c>. Keys ignore case, as in
    /// configuration.
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
                node = node.GetOrAddChild(key);
            node.Value = value;
        }

        return root;
    }

    private SettingNode GetOrAddChild(string key)
    {
        foreach (var child in _children)
        {
            if (string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase))
                return child;
        }

        var added = new SettingNode(key, Path.Length == 0 ? key : $"{Path}:{key}");
        _children.Add(added);
        return added;
    }
}
