using OpenLedger.Datanets.PostgreSql.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SharedServer))]
[assembly: Parallelization(Mode = ParallelMode.None)] // several tests look at what the whole server does

namespace OpenLedger.Datanets.PostgreSql.Tests;

/// <summary>One server for all tests that do not stop it, started by the first that asks; that no process stays behind is checked at the end.</summary>
public sealed class SharedServer : IDisposable
{
    private PostgreSqlServer? _server;

    internal PostgreSqlServer Require() => _server ??= PostgreSqlServer.Start();

    public void Dispose()
    {
        if (_server is not null)
        {
            int process = _server.ProcessId;
            _server.Dispose();
            Assert.False(PostgreSqlServer.IsAlive(process), $"The server {process} is still running.");
        }
    }
}
