using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// Runs a test through each front end, with few concurrent requests and with the default number. The test takes the
/// front end and the number as its first parameters.
/// </summary>
/// <param name="arguments">The other arguments of the test.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FaultMatrixAttribute(params object[] arguments) : DataAttribute
{
    private static readonly int[] MaxInFlight = [4, 64];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var rows =
            from front in Enum.GetValues<FrontEnd>()
            from maxInFlight in MaxInFlight
            select new TheoryDataRow([front, maxInFlight, .. arguments]);
        return new([.. rows]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
