namespace Metrix.Client.Mapping;

/// <summary>
/// Finds a value by the name that it is sent under, such as <c>Address.City</c>.
/// </summary>
internal static class PropertyPath
{
    /// <summary>
    /// Finds a path in one property of a record: the property itself, or a member of its object.
    /// </summary>
    /// <param name="name">The name of the property.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="path">The path to find.</param>
    /// <param name="readsMembers">Whether members of the application's own types are read.</param>
    /// <param name="found">The value that was found.</param>
    public static bool TryFind(string name, object? value, string path, bool readsMembers, out object? found)
    {
        found = value;
        if (string.Equals(name, path, StringComparison.OrdinalIgnoreCase))
            return true;

        found = null;
        return value is not null && name.Length > 0 && path.Length > name.Length && path[name.Length] == '.' &&
            path.StartsWith(name, StringComparison.OrdinalIgnoreCase) &&
            TryFindIn(value, path[(name.Length + 1)..], readsMembers, out found);
    }

    /// <summary>Finds a path in the members of an object.</summary>
    public static bool TryFindIn(object owner, string path, bool readsMembers, out object? found)
    {
        found = null;
        foreach (var (name, value) in ObjectReader.GetMembers(owner, readsMembers) ?? [])
        {
            if (TryFind(name, value, path, readsMembers, out found))
                return true;
        }

        return false;
    }
}
