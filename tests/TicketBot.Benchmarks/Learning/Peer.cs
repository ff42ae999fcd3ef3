using System.Diagnostics;
using System.Globalization;

namespace TicketBot.Benchmarks.Learning;

/// <summary>The Python process that runs the same nets in PyTorch, one thread, driven line by line.</summary>
internal sealed class Peer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    private Peer(Process process)
    {
        _process = process;
        About = Ask("about");
    }

    /// <summary>Its versions.</summary>
    public string About { get; }

    /// <summary>Starts it; null where there is no PyTorch.</summary>
    public static Peer? TryStart()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Learning", "peer.py");
        if (!File.Exists(Python) || !File.Exists(script) || !Imports())
        {
            return null;
        }

        var start = new ProcessStartInfo(Python, ["-u", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // One thread in the BLAS too. Memory that is given back to the system and fetched again costs the peer up to half its speed on the
        // larger nets; with these settings it keeps it, which is the peer at its best.
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1000000000";
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "1000000000";
        return new Peer(Process.Start(start)!);
    }

    /// <summary>Sends one line.</summary>
    public void Send(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the answer to the last line.</summary>
    /// <exception cref="InvalidOperationException">The peer names an error or is gone.</exception>
    public string Receive()
    {
        var answer = _process.StandardOutput.ReadLine() ?? "error the peer process ended";
        return answer.StartsWith("error", StringComparison.Ordinal) ? throw new InvalidOperationException($"peer: {answer}") : answer;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static bool Imports()
    {
        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch"]) { RedirectStandardError = true })!;
        probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    private string Ask(string line)
    {
        Send(line);
        return Receive();
    }
}

/// <summary>One request that the peer repeats.</summary>
/// <param name="peer">The process.</param>
/// <param name="request">The line without its milliseconds.</param>
internal sealed class PeerSide(Peer peer, string request) : Side
{
    public override void Begin(double milliseconds) => peer.Send(string.Create(CultureInfo.InvariantCulture, $"{request} {milliseconds}"));

    public override Slice End()
    {
        var words = peer.Receive().Split(' ');
        return new Slice(long.Parse(words[0], CultureInfo.InvariantCulture), Number(words[1]), Number(words[2]));
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
}
