using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stratiform.Testing;

/// <summary>Finds tests that need root; in their place stands a failure when there is none.</summary>
public sealed class RootFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    private readonly IMessageSink _diagnostics = diagnostics;

    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.IsPrivilegedProcess
            ? base.Discover(discoveryOptions, testMethod, factAttribute)
            :
            [
                new ExecutionErrorTestCase(_diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod,
                    $"{testMethod.Method.Name} needs root: run the tests as root, or leave this project out."),
            ];
}
