using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Metrix.Faults.Tests.Support;

/// <summary>Runs a test through each front end.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CombinatorialFrontsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<FrontEnd>().Select(front => new TheoryDataRow<FrontEnd>(front))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
