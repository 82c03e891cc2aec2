using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Metrix.Tests.Support;

/// <summary>
/// Asserts after every test that the ledgers of its closed clients are balanced: each recognized or recovered event
/// ended exactly once, and an emulator accepted at least as many events as the client delivered. Applied to all test
/// projects, so that an event that is lost or ends twice fails the test that caused it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BalancedLedgerAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => LedgerWatch.Start();

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var problems = LedgerWatch.Verify(test.UniqueID);
        if (problems.Count > 0)
            Assert.Fail(string.Join(Environment.NewLine, problems));
    }
}
