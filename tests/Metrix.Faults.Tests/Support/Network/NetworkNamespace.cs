using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests.Support.Network;

/// <summary>
/// Makes a network of its test: a network namespace with addresses, host names, firewall rules and servers that no
/// other process of the machine sees. Disposing it ends its servers and removes it.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    /// <summary>The name that resolves to the addresses of the namespace.</summary>
    public const string HostName = "metrix.test";

    private const string NamePrefix = "metrix-test-";
    private static int _count;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _servers = [];
    private readonly ConcurrentQueue<string> _serverOutput = new();
    private readonly string _name =
        $"{NamePrefix}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    /// <param name="addresses">The addresses, which are on the loopback interface of the namespace.</param>
    public NetworkNamespace(params string[] addresses)
    {
        RemoveAbandoned();
        Directory.CreateDirectory(EtcFolder);
        File.WriteAllLines(
            Path.Combine(EtcFolder, "hosts"),
            [.. addresses.Select(address => $"{address} {HostName}"), "127.0.0.1 localhost"]);
        File.WriteAllText(Path.Combine(EtcFolder, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1\n");
        NetworkPrograms.Run("ip", "netns", "add", _name);
        try
        {
            Run("ip", "link", "set", "lo", "up");
            foreach (var address in addresses)
            {
                var bits = address.Contains(':', StringComparison.Ordinal) ? 128 : 32;
                Run("ip", "address", "add", $"{address}/{bits}", "dev", "lo");
            }

            Pem = Certificates.CreatePem(HostName, [.. addresses.Select(IPAddress.Parse)]);
            CertificateFile = WriteFile("certificate.pem", Pem);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the certificate of the servers, with its key.</summary>
    public string Pem { get; } = "";

    /// <summary>Gets the path of <see cref="Pem"/>.</summary>
    public string CertificateFile { get; } = "";

    private string EtcFolder => $"/etc/netns/{_name}";

    /// <summary>Gets the command that runs another command in the namespace.</summary>
    public IReadOnlyList<string> Launcher => [NetworkPrograms.Find("ip")!, "netns", "exec", _name];

    /// <summary>Runs a program in the namespace and returns its output.</summary>
    public string Run(string program, params IEnumerable<string> arguments) =>
        NetworkPrograms.Run("ip", ["netns", "exec", _name, NetworkPrograms.Find(program) ?? program, .. arguments]);

    /// <summary>Writes a file that is deleted with the namespace, and returns its path.</summary>
    public string WriteFile(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Adds rules of nftables that the packets which arrive must pass.</summary>
    public void AddFirewall(params IEnumerable<string> rules) => Run(
        "nft",
        "-f",
        WriteFile(
            "rules.nft",
            $$"""
            table inet metrix {
                chain input {
                    type filter hook input priority 0; policy accept;
                    {{string.Join('\n', rules)}}
                }
            }

            """));

    /// <summary>Returns the local ports of the clients that are connected to a port.</summary>
    public IReadOnlyList<int> ConnectedPorts(int serverPort) =>
    [
        .. Run("ss", "-Htn", "state", "established", $"( dport = :{serverPort} )")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
            .Select(local => int.Parse(local[(local.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture)),
    ];

    /// <summary>Starts nginx with servers.</summary>
    /// <param name="servers">The configuration of the servers.</param>
    /// <param name="ports">The ports that they listen on.</param>
    public Task StartNginxAsync(string servers, params int[] ports)
    {
        var configuration = WriteFile(
            "nginx.conf",
            $$"""
            daemon off;
            master_process off;
            pid {{_folder.File("nginx.pid")}};
            error_log stderr crit;
            events { worker_connections 512; }
            http {
                access_log {{_folder.File("access.log")}} combined;
                client_body_temp_path {{_folder.File("body")}};
                proxy_temp_path {{_folder.File("proxy")}};
                fastcgi_temp_path {{_folder.File("fastcgi")}};
                uwsgi_temp_path {{_folder.File("uwsgi")}};
                scgi_temp_path {{_folder.File("scgi")}};
                ssl_certificate {{CertificateFile}};
                ssl_certificate_key {{CertificateFile}};
                {{servers}}
            }
            """);
        return StartAsync(ports, "nginx", "-c", configuration, "-e", "stderr");
    }

    /// <summary>Starts HAProxy with front ends.</summary>
    public Task StartHaproxyAsync(string frontends, params int[] ports)
    {
        var configuration = WriteFile(
            "haproxy.cfg",
            $"""
            defaults
                mode http
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            {frontends}

            """);
        return StartAsync(ports, "haproxy", "-db", "-f", configuration);
    }

    /// <summary>Starts squid with settings.</summary>
    public Task StartSquidAsync(string settings, params int[] ports)
    {
        var configuration = WriteFile(
            "squid.conf",
            $"""
            {settings}
            pid_filename {_folder.File("squid.pid")}
            cache_log /dev/null
            access_log none
            cache deny all
            cache_mem 8 MB
            coredump_dir /tmp
            dns_nameservers 127.0.0.1
            pinger_enable off
            netdb_filename none
            shutdown_lifetime 0 seconds

            """);
        return StartAsync(ports, "squid", "-N", "-f", configuration);
    }

    /// <summary>Starts the application of the tests in the namespace.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="environment">Environment variables.</param>
    public NetworkApplication StartApplication(string endpoint, params (string Name, string Value)[] environment) =>
        new(Launcher, [("Metrix__Endpoint", endpoint), ("SSL_CERT_FILE", CertificateFile), .. environment]);

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        Remove(_name);
        _folder.Dispose();
    }

    private static void Remove(string name)
    {
        NetworkPrograms.TryRun("ip", ["netns", "delete", name]);
        if (Directory.Exists($"/etc/netns/{name}"))
            Directory.Delete($"/etc/netns/{name}", recursive: true);
    }

    // A run that was killed could not remove its namespaces.
    private static void RemoveAbandoned()
    {
        if (!Directory.Exists("/etc/netns"))
            return;

        foreach (var name in Directory.GetDirectories("/etc/netns", NamePrefix + "*").Select(Path.GetFileName))
        {
            if (!Directory.Exists($"/proc/{name![NamePrefix.Length..].Split('-')[0]}"))
                Remove(name);
        }
    }

    private async Task StartAsync(IReadOnlyCollection<int> ports, string program, params string[] arguments)
    {
        var server = NetworkPrograms.Start(
            "ip", ["netns", "exec", _name, NetworkPrograms.Find(program)!, .. arguments]);
        _servers.Add(server);
        server.OutputDataReceived += (_, line) => _serverOutput.Enqueue(line.Data ?? "");
        server.ErrorDataReceived += (_, line) => _serverOutput.Enqueue(line.Data ?? "");
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await Eventually.TrueAsync(
            () => server.HasExited || IsListening(ports),
            () => $"{program} does not listen: {string.Join('\n', _serverOutput)}");
        Assert.False(server.HasExited, $"{program} has exited: {string.Join('\n', _serverOutput)}");
    }

    private bool IsListening(IReadOnlyCollection<int> ports)
    {
        var listening = Run("ss", "-Hltn");
        return ports.All(port => listening.Contains($":{port} ", StringComparison.Ordinal));
    }
}
