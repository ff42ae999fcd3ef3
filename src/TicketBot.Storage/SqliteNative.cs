using System.Reflection;
using System.Runtime.InteropServices;

namespace TicketBot.Storage;

/// <summary>Loads the native SQLite library once per process: the system's where it is present and new enough, else the bundled one.</summary>
/// <remarks>The bundled library (3.35.5) has the advisory GHSA-2m69-gcr7-jv3q; a system library is kept patched by its distribution.</remarks>
public static class SqliteNative
{
    private const int OldestAccepted = 3_035_005; // The bundled version: a system library older than it is no gain.
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"];
    private static readonly Lazy<string> Loaded = new(Load);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    /// <summary>Loads the library if that has not been done and returns where it came from: a system library name, or <c>bundled</c>.</summary>
    public static string Init() => Loaded.Value;

    private static string Load()
    {
        var source = "bundled";
        var system = FindSystemLibrary(out var name);
        if (system != 0)
        {
            source = name;
            NativeLibrary.SetDllImportResolver(
                typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly,
                (library, _, _) => library == "e_sqlite3" ? system : 0);
        }

        SQLitePCL.Batteries_V2.Init();
        return source;
    }

    private static nint FindSystemLibrary(out string name)
    {
        foreach (var candidate in SystemNames)
        {
            if (NativeLibrary.TryLoad(candidate, Assembly.GetExecutingAssembly(), null, out var handle))
            {
                if (NativeLibrary.TryGetExport(handle, "sqlite3_libversion_number", out var export)
                    && Marshal.GetDelegateForFunctionPointer<VersionNumber>(export)() >= OldestAccepted)
                {
                    name = candidate;
                    return handle;
                }

                NativeLibrary.Free(handle);
            }
        }

        name = "";
        return 0;
    }
}
