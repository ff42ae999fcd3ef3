using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Host.Searches;

namespace TicketBot.Host.Dashboard;

/// <summary>Pages of the searches for architectures: those on the account's candles, and those on files, which belong to no account.</summary>
public static class SearchPages
{
    private const string Account = "account";
    private const string Files = "files";

    /// <summary>Returns every search with the address of its page.</summary>
    public static IReadOnlyList<(string Address, SearchRecord Search)> All(DataFolder folder) =>
    [
        .. Of(folder, Account).Select(s => ($"/searches/{Account}/{s.Key}", s.Search)), .. Of(folder, Files).Select(s => ($"/searches/{Files}/{s.Key}", s.Search)),
    ];

    /// <summary>Answers with the list.</summary>
    public static IResult List(DataFolder folder) => Html(ArchitectureSearchPage.List(All(folder)));

    /// <summary>Answers with the page of one search.</summary>
    public static IResult Page(DataFolder folder, string scope, string key)
    {
        // Asked for among what is there, so that no word of an address becomes part of a path.
        var search = scope is Account or Files ? Of(folder, scope).FirstOrDefault(s => s.Key == key).Search : null;
        return search is null
            ? Results.Text($"no search is kept under '{scope}/{key}'; /searches lists them", statusCode: StatusCodes.Status404NotFound)
            : Html(ArchitectureSearchPage.Of(search, "/searches"));
    }

    private static IReadOnlyList<(string Key, SearchRecord Search)> Of(DataFolder folder, string scope) =>
        new SearchArchive(scope == Account ? folder.SearchesFolder : folder.SharedSearchesFolder).All();

    private static IResult Html(string page) => Results.Text(page, "text/html; charset=utf-8");
}
