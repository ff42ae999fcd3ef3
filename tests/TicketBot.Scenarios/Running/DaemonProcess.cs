using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace TicketBot.Scenarios.Running;

/// <summary>The real daemon as a child process on free ports, with its output kept for the message of a failing test.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private DaemonProcess(Process process) => _process = process;

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Everything it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Address of its page and local API; known once it is ready.</summary>
    public Uri Address => _ready.Task.IsCompletedSuccessfully ? _ready.Task.Result : throw new InvalidOperationException("the daemon has not said that it is ready");

    /// <summary>Starts a verb.</summary>
    public static DaemonProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts a verb with some variables in its environment.</summary>
    public static DaemonProcess Start(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Repository.Daemon);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The machine's own settings must not reach into a scenario.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TICKETBOT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var daemon = new DaemonProcess(process);
        process.OutputDataReceived += (_, e) => daemon.Take(e.Data);
        process.ErrorDataReceived += (_, e) => daemon.Take(e.Data);
        Assert.True(process.Start());
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return daemon;
    }

    /// <summary>Runs the journal of a folder through the code again and asserts that every decision is the same, bit for bit.</summary>
    public static async Task AssertReplaysAsync(ScenarioFolder folder, params string[] settings)
    {
        await using var replay = Start(["replay", "--journal", Path.GetDirectoryName(folder.FileOf("journal.db"))!, "--data-folder", folder.Path, .. settings]);
        var code = await replay.ExitAsync(TimeSpan.FromSeconds(120));
        Assert.True(code == 0, $"the journal's decisions are not had again (code {code}):\n{replay.Output}");
    }

    /// <summary>Waits for the line <c>ready http://...</c>.</summary>
    public async Task ReadyAsync(TimeSpan limit)
    {
        var exited = _process.WaitForExitAsync();
        var first = await Task.WhenAny(_ready.Task, exited, Task.Delay(limit, TimeProvider.System));
        if (first != _ready.Task && !_ready.Task.IsCompleted)
        {
            Assert.Fail(first == exited
                ? $"the daemon ended with code {_process.ExitCode} before it was ready:\n{Output}"
                : $"the daemon was not ready within {limit.TotalSeconds} s:\n{Output}");
        }

        _http.BaseAddress = await _ready.Task;
    }

    /// <summary>Waits for the process to end; returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var waiting = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the process did not end within {limit.TotalSeconds} s:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Reads a JSON document of the local API.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        try
        {
            await using var stream = await _http.GetStreamAsync(path);
            return (await JsonDocument.ParseAsync(stream)).RootElement.Clone();
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            throw new InvalidOperationException($"GET {path} failed: {fault.Message}; the daemon wrote:\n{Output}", fault);
        }
    }

    /// <summary>Returns the status code and text of a path.</summary>
    public async Task<(int Code, string Text)> AskAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Gives a command with the token of the data folder.</summary>
    public async Task<int> PostAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>Polls the trader's picture until <paramref name="holds"/> is true of it.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> holds, TimeSpan limit, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        JsonElement status = default;
        while (TimeProvider.System.GetElapsedTime(began) < limit)
        {
            Assert.False(_process.HasExited, $"the daemon ended while waiting for: {what}\n{Output}");
            status = await GetAsync("/api/status");
            if (holds(status))
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.Fail($"not within {limit.TotalSeconds} s: {what}; status was {status}\n{Output}");
        return default;
    }

    /// <summary>Sends SIGTERM; returns exit code and seconds until the end.</summary>
    public async Task<(int Code, double Seconds)> TerminateAsync(TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        Signal("TERM", Id);
        var code = await ExitAsync(limit);
        return (code, TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Sends SIGKILL and does not wait.</summary>
    public void KillNow() => _process.Kill();

    /// <summary>Waits until the process has ended, or <paramref name="isOver"/> says that it never will; returns whether it ended.</summary>
    public async Task<bool> EndsAsync(Func<bool> isOver)
    {
        while (!_process.HasExited && !isOver())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        if (!_process.HasExited)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System); // The last strike may be killing it just now.
        }

        var ended = _process.HasExited;
        if (!ended)
        {
            await KillAsync();
        }

        return ended;
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        Signal("KILL", Id);
        await ExitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Sends a signal to a process of ours.</summary>
    public static void Signal(string signal, int id)
    {
        using var kill = Process.Start("kill", ["-" + signal, id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Whether the process is no more.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Open files and sockets of the process.</summary>
    public int OpenHandles() => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>Resident memory in MiB.</summary>
    public long ResidentMiB()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
    }

    /// <summary>Returns the processes whose parent is the daemon.</summary>
    public IReadOnlyList<int> Children()
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == Id.ToString(CultureInfo.InvariantCulture) && fields[0] != "Z")
                {
                    children.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        return children;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (line.StartsWith("ready http://", StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line["ready ".Length..].Trim().Split(' ')[0]));
        }
    }
}
