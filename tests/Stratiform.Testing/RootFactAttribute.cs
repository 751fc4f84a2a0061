using Xunit.Sdk;

namespace Stratiform.Testing;

/// <summary>A test of what only root can do; for everybody else it fails and says so, since what was not tried is not known to work.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Stratiform.Testing.RootFactDiscoverer", "Stratiform.Testing")]
public sealed class RootFactAttribute : FactAttribute;
