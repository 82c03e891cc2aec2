using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Metrix.Client.Mapping;

/// <summary>
/// Reads the public properties of the application's own objects, where its code asks for it (<c>{@Purchase}</c>).
/// </summary>
internal static class ObjectMembers
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

    /// <summary>Returns the members of an object, or null if it is a single value or has none.</summary>
    public static IEnumerable<(string Name, object? Value)>? TryRead(object value) =>
        !ValueRules.IsSingle(value) && Known.GetOrAdd(value.GetType(), Find) is { Length: > 0 } members
            ? members.Select(member => (member.Name, Get(member, value)))
            : null;

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2070",
        Justification = "A trimmed application may lack members. The README recommends a dictionary there.")]
    private static PropertyInfo[] Find(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];

    // A getter that throws loses its own value, not those of the other members.
    private static object? Get(PropertyInfo property, object owner)
    {
        try
        {
            return property.GetValue(owner);
        }
        catch (TargetInvocationException)
        {
            return Unreadable.Value;
        }
    }

    /// <summary>Replaces a value that threw. It has no text, so it is omitted and counted.</summary>
    private sealed class Unreadable
    {
        public static Unreadable Value { get; } = new();
    }
}
