using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.PostgreSql.Tests;

/// <summary>A server of its own in a temporary folder, on a free loopback port; stopped and deleted when disposed.</summary>
/// <remarks>PostgreSQL refuses to run as root; then the folder and the processes are given to the user <c>postgres</c>.</remarks>
internal sealed class PostgreSqlServer : IDisposable
{
    private const string User = "postgres";
    private readonly TemporaryFolder _folder;
    private readonly string _tools;
    private int _schemas;
    private bool _isRunning;

    private PostgreSqlServer(TemporaryFolder folder, string tools, int port)
    {
        _folder = folder;
        _tools = tools;
        Port = port;
    }

    public int Port { get; }

    public string Data => _folder.File("data");

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Database=postgres;Timeout=5";

    /// <summary>The server's process; 0 when its file is gone.</summary>
    public int ProcessId => File.Exists(Path.Combine(Data, "postmaster.pid"))
        ? int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>Starts a server, or skips the calling test where there is none.</summary>
    /// <param name="isDurable">Whether commits wait for the disk, as in use; tests of behaviour need not.</param>
    public static PostgreSqlServer Start(bool isDurable = false)
    {
        string? tools = FindTools();
        if (tools is null)
        {
            Requirement.SkipOrFail("postgres", "no initdb and pg_ctl were found in /usr/lib/postgresql/*/bin or PATH");
        }

        TemporaryFolder folder = new();
        PostgreSqlServer server = new(folder, tools!, FreePort());
        try
        {
            server.Create(isDurable);
            return server;
        }
        catch (InvalidOperationException exception)
        {
            server.Dispose();
            Requirement.SkipOrFail("postgres", $"the server does not start: {exception.Message}");
            throw;
        }
    }

    /// <summary>Options for a schema that no other test uses.</summary>
    public PostgreSqlDatanetStoreOptions NewStore() => Store($"store_{Interlocked.Increment(ref _schemas)}");

    public PostgreSqlDatanetStoreOptions Store(string schema) =>
        new() { ConnectionString = ConnectionString, Schema = schema, LockTimeout = TimeSpan.FromSeconds(20) };

    public int Execute(string sql)
    {
        using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        return command.ExecuteNonQuery();
    }

    public T Ask<T>(string sql)
    {
        using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    public void StartAgain()
    {
        Run("pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", _folder.File("log"));
        _isRunning = true;
    }

    /// <summary>Stops the server as a crash would, and returns when its process has ended.</summary>
    public void Stop()
    {
        int process = ProcessId;
        Run("pg_ctl", "stop", "-w", "-t", "60", "-m", "immediate", "-D", Data);
        _isRunning = false;
        Assert.True(SpinWait.SpinUntil(() => !IsAlive(process), TimeSpan.FromSeconds(20)), $"The server {process} is still running.");
    }

    /// <summary>Whether a process runs; one that has ended and was not yet collected by its parent does not.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").All(line => !line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // gone, perhaps while it was read
        }
    }

    public void Dispose()
    {
        if (_isRunning)
        {
            Stop();
        }

        _folder.Dispose();
    }

    private void Create(bool isDurable)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Start("chown", [User, _folder.Path]);
        }

        Run("initdb", "-D", Data, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        File.AppendAllLines(
            Path.Combine(Data, "postgresql.conf"),
            [
                $"port = {Port}", "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{_folder.Path}'", $"fsync = {(isDurable ? "on" : "off")}",
                "max_connections = 60", "max_prepared_transactions = 2",
            ]);
        StartAgain();
    }

    private static string? FindTools()
    {
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Run(string tool, params string[] arguments)
    {
        string path = Path.Combine(_tools, tool);
        if (Environment.IsPrivilegedProcess)
        {
            Start("setpriv", ["--reuid=" + User, "--regid=" + User, "--clear-groups", path, .. arguments]);
        }
        else
        {
            Start(path, arguments);
        }
    }

    private void Start(string tool, string[] arguments)
    {
        // Output goes to a file: the server inherits pipes and would keep them open.
        string output = _folder.File($"output-{Guid.NewGuid():N}");
        ProcessStartInfo start = new("/bin/sh") { WorkingDirectory = "/", ArgumentList = { "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", output, tool } };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                string log = File.Exists(_folder.File("log")) ? File.ReadAllText(_folder.File("log")) : "";
                throw new InvalidOperationException($"{tool} gave {process.ExitCode}: {File.ReadAllText(output)} {log}");
            }
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{tool} cannot be started: {exception.Message}", exception);
        }
    }
}
