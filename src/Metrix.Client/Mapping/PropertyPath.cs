namespace Metrix.Client.Mapping;

/// <summary>
/// Finds a value by the name that it is sent under, as <c>Address.City</c>.
/// </summary>
internal static class PropertyPath
{
    /// <summary>
    /// Looks for a path in one property of a record: in the property itself, or in the members of its object.
    /// </summary>
    /// <param name="name">The property's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="path">What is looked for.</param>
    /// <param name="takesApart">Whether members of the application's own types count.</param>
    /// <param name="found">The value.</param>
    public static bool TryFind(string name, object? value, string path, bool takesApart, out object? found)
    {
        found = value;
        if (string.Equals(name, path, StringComparison.OrdinalIgnoreCase))
            return true;

        found = null;
        return value is not null && name.Length > 0 && path.Length > name.Length && path[name.Length] == '.' &&
            path.StartsWith(name, StringComparison.OrdinalIgnoreCase) &&
            TryFindIn(value, path[(name.Length + 1)..], takesApart, out found);
    }

    /// <summary>Looks for a path among the members of an object.</summary>
    public static bool TryFindIn(object owner, string path, bool takesApart, out object? found)
    {
        found = null;
        foreach (var (name, value) in ObjectReader.TryMembers(owner, takesApart) ?? [])
        {
            if (TryFind(name, value, path, takesApart, out found))
                return true;
        }

        return false;
    }
}
