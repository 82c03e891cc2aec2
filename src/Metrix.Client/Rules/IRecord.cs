namespace Metrix.Client.Rules;

/// <summary>
/// Represents a front end's record, as far as conditions need it. Implemented by small structs, so that no call
/// allocates.
/// </summary>
internal interface IRecord
{
    /// <summary>Returns the value of a property, tag or attribute, or null if it does not exist.</summary>
    object? Find(string name);
}
