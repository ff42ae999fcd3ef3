namespace TicketBot.Research.Drift;

/// <summary>Says when drift is confirmed and when it is over. It is confirmed when every reading while one whole window was replaced said that the market is unlike training, and over when every
/// reading over the same span said that it is alike: between the two it stays what it was. Not safe for use by several threads.</summary>
public sealed class DriftRule
{
    /// <summary>Closed candles between two readings.</summary>
    public const int CandlesBetween = 24;

    /// <summary>Readings on end that confirm drift, or end it: as many as replace a whole window, and the one before.</summary>
    public const int Readings = (DriftReference.WindowRows / CandlesBetween) + 1;

    private int _agreeing;

    /// <summary>Begins with drift confirmed or not.</summary>
    public DriftRule(bool isConfirmed) => IsConfirmed = isConfirmed;

    /// <summary>Whether drift is confirmed and not over.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>Takes a reading; returns whether <see cref="IsConfirmed"/> changed by it.</summary>
    public bool Look(DriftReading reading)
    {
        _agreeing = (IsConfirmed ? reading.IsAlike : reading.IsUnlike) ? _agreeing + 1 : 0;
        if (_agreeing < Readings)
        {
            return false;
        }

        (IsConfirmed, _agreeing) = (!IsConfirmed, 0);
        return true;
    }
}
