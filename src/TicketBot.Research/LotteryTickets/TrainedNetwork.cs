using TicketBot.Learning;

namespace TicketBot.Research.LotteryTickets;

/// <summary>A trained (sub)network with what is needed to train it again: the output of one training stage. Immutable.</summary>
public sealed record TrainedNetwork
{
    private const uint Magic = 0x32_4E_42_54; // "TBN2"

    /// <summary>Weights of the best validation, zero where masked; one array per parameter.</summary>
    public required IReadOnlyList<float[]> Weights { get; init; }

    /// <summary>Mask per parameter, <c>null</c> for parameters that are never pruned.</summary>
    public required IReadOnlyList<bool[]?> Mask { get; init; }

    /// <summary>The weights training started from or was rewound to (theta_k).</summary>
    public required IReadOnlyList<float[]> RewindWeights { get; init; }

    /// <summary>Updates made when theta_k was kept.</summary>
    public required int RewindStep { get; init; }

    /// <summary>Updates made when the mask stopped moving; of a sparse network that of the dense one it was drawn from.</summary>
    public required int EmergedStep { get; init; }

    /// <summary>Updates planned.</summary>
    public required int PlannedSteps { get; init; }

    /// <summary>Updates made at the best validation.</summary>
    public required int BestStep { get; init; }

    /// <summary>How logits become a probability; fitted on validation rows.</summary>
    public required BinaryCalibration Calibration { get; init; }

    /// <summary>Weighted mean log-loss on validation rows at that calibration, in nats.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Surviving share of prunable weights, 0..1.</summary>
    public double Density
    {
        get
        {
            long alive = 0, all = 0;
            foreach (var mask in Mask)
            {
                foreach (var bit in mask ?? [])
                {
                    alive += bit ? 1 : 0;
                    all++;
                }
            }

            return all == 0 ? 1 : (double)alive / all;
        }
    }

    /// <summary>Share of the planned training done when the mask was drawn, 0..1.</summary>
    public double EmergedAt => PlannedSteps == 0 ? 0 : (double)EmergedStep / PlannedSteps;

    /// <summary>Returns the binary form.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(RewindStep);
        writer.Write(EmergedStep);
        writer.Write(PlannedSteps);
        writer.Write(BestStep);
        writer.Write(Calibration.Temperature);
        writer.Write(Calibration.Exponent);
        writer.Write(ValidationLoss);
        writer.Write(Weights.Count);
        for (var i = 0; i < Weights.Count; i++)
        {
            writer.Write(Weights[i].Length);
            foreach (var value in Weights[i])
            {
                writer.Write(value);
            }

            foreach (var value in RewindWeights[i])
            {
                writer.Write(value);
            }

            writer.Write(Mask[i] is not null);
            foreach (var bit in Mask[i] ?? [])
            {
                writer.Write(bit);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads the binary form.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static TrainedNetwork FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (bytes.Length < 52 || reader.ReadUInt32() != Magic)
        {
            throw new FormatException($"a stored network begins with TBN2, these {bytes.Length} bytes do not; delete the run store to make it again");
        }

        var (rewind, emerged, planned, best) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var calibration = new BinaryCalibration(reader.ReadDouble(), reader.ReadDouble());
        var loss = reader.ReadDouble();
        var count = reader.ReadInt32();
        var weights = new float[count][];
        var rewound = new float[count][];
        var masks = new bool[]?[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = new float[reader.ReadInt32()];
            rewound[i] = new float[weights[i].Length];
            Fill(reader, weights[i]);
            Fill(reader, rewound[i]);
            if (reader.ReadBoolean())
            {
                var mask = new bool[weights[i].Length];
                for (var j = 0; j < mask.Length; j++)
                {
                    mask[j] = reader.ReadBoolean();
                }

                masks[i] = mask;
            }
        }

        return new TrainedNetwork
        {
            Weights = weights,
            Mask = masks,
            RewindWeights = rewound,
            RewindStep = rewind,
            EmergedStep = emerged,
            PlannedSteps = planned,
            BestStep = best,
            Calibration = calibration,
            ValidationLoss = loss,
        };
    }

    private static void Fill(BinaryReader reader, float[] values)
    {
        for (var j = 0; j < values.Length; j++)
        {
            values[j] = reader.ReadSingle();
        }
    }
}
