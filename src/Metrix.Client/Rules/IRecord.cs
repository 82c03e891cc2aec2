namespace Metrix.Client.Rules;

/// <summary>
/// A record of a front end, as far as conditions need it. Implemented by small structures, so that asking costs nothing.
/// </summary>
internal interface IRecord
{
    /// <summary>The value of a property, tag or attribute, or null when there is none.</summary>
    object? Find(string name);
}
