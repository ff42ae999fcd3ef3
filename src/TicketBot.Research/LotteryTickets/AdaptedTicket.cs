using System.Text.Json;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Stages;
using TicketBot.Research.Transfer;
using TicketBot.Tickets;

namespace TicketBot.Research.LotteryTickets;

/// <summary>A live ticket trained on at its mask: the output of one stage. Immutable.</summary>
/// <param name="Network">The network.</param>
/// <param name="Course">How it went.</param>
/// <param name="WindowRows">New rows it adapted to.</param>
/// <param name="RehearsedRows">Older rows it learned again beside them.</param>
internal sealed record AdaptedTicket(TrainedNetwork Network, ContinuousAdaptation.Course Course, int WindowRows, int RehearsedRows)
{
    // As in the campaign that measures forgetting; a network with this pull still learns a new rule.
    private const double AnchorStrength = 0.01;
    private const int LooksPerEpoch = 2;
    private const int Patience = 4;

    // Of every five stretches of older rows one is never rehearsed: it measures what is forgotten.
    private const int Stretch = 100;
    private const int StretchesPerMeasure = 5;

    /// <summary>Adapts: the newest training rows are the window, the reservoir holds a share of the older ones, regime by regime. A pure function of its arguments.</summary>
    /// <param name="prepared">Rows and plan.</param>
    /// <param name="options">Window, share, epochs.</param>
    /// <param name="live">The ticket.</param>
    /// <param name="train">Training rows, weighted as the ticket's are.</param>
    /// <param name="validation">Validation rows, weighted so.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static AdaptedTicket Of(Preparation prepared, ResearchOptions options, Ticket live, TrainingSet train, TrainingSet validation, CancellationToken cancellationToken)
    {
        var first = Math.Max(0, train.Rows - options.FineTuneWindow);
        var names = prepared.Regimes.Set.Names.Count;
        var capacity = Math.Max(1, (int)Math.Ceiling(options.RehearsalShare * first / names));
        var reservoir = new RehearsalReservoir(train.RowLength, capacity, StageHash.Seed("rehearsal", prepared.Seed));
        var measured = Enumerable.Range(0, names).ToDictionary(state => state, _ => new List<int>());
        for (var row = 0; row < first; row++)
        {
            var state = prepared.Regimes.States[prepared.Split.Train.Start + row];
            if (state < 0)
            {
                continue;
            }

            if (row / Stretch % StretchesPerMeasure == StretchesPerMeasure - 1)
            {
                measured[state].Add(row);
            }
            else
            {
                reservoir.Add(state, train.RowOf(row), train.Labels[row]);
            }
        }

        var network = new Network(prepared.Plan.Architecture);
        network.RestoreWeights(live.Weights);
        var mask = MaskSet.FromArrays(prepared.Plan.Architecture, live.Mask);
        var training = prepared.Plan.Training with { Epochs = options.FineTuneEpochs, LearningRate = prepared.Plan.Training.LearningRate / 4, ClipNorm = 1 };
        var window = TrainingRows.Some(train, [.. Enumerable.Range(first, train.Rows - first)]);
        var regimes = measured.Where(regime => regime.Value.Count > 0)
            .ToDictionary(regime => regime.Key, regime => TrainingRows.Some(prepared.Rows.Train, regime.Value));
        var course = ContinuousAdaptation.Adapt(
            network, mask, window, validation, Patience, Math.Max(1, training.StepsPerEpoch(window.Rows) / LooksPerEpoch), reservoir, training, AnchorStrength,
            TicketTraining.DataOrder(prepared.Plan), regimes, cancellationToken);
        return new AdaptedTicket(
            TicketTraining.Finished(network, mask, live.RewindWeights, 0, 0, training.PlannedSteps(window.Rows), course.Best, validation), course, window.Rows, reservoir.Rows);
    }

    /// <summary>Returns the stored form.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Stored(Network.ToBytes(), Course, WindowRows, RehearsedRows));

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static AdaptedTicket FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize<Stored>(bytes) is { } stored
            ? new AdaptedTicket(TrainedNetwork.FromBytes(stored.Network), stored.Course, stored.WindowRows, stored.RehearsedRows)
            : throw new FormatException("a stored adaptation is empty; delete the run store to make it again");

    private sealed record Stored(byte[] Network, ContinuousAdaptation.Course Course, int WindowRows, int RehearsedRows);
}
