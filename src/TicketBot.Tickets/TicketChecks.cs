using TicketBot.Learning;

namespace TicketBot.Tickets;

/// <summary>What every ticket must satisfy before it is sealed, stored or compiled.</summary>
internal static class TicketChecks
{
    private const double DensityTolerance = 1e-9;

    /// <summary>Throws when the ticket's parts do not fit together.</summary>
    public static void RefuseUnfit(Ticket ticket)
    {
        if (Fault(ticket) is { } fault)
        {
            throw new ArgumentException($"ticket {ticket.Id.Short} for {ticket.Symbol} {ticket.Interval} {ticket.Regime}: {fault}", nameof(ticket));
        }
    }

    private static string? Fault(Ticket ticket)
    {
        var inputs = ticket.Architecture.Inputs;
        if (ticket.Symbol.IsDefault || ticket.Interval.IsDefault || string.IsNullOrEmpty(ticket.RegimeSetId.Value) || string.IsNullOrEmpty(ticket.Regime))
        {
            return "symbol, interval, regime set and regime must be named";
        }

        if (ticket.Schema.Names.Count != inputs || ticket.Scaler.Means.Count != inputs || ticket.Similarity.Features != inputs)
        {
            return $"schema, scaler, similarity and network must have the same features, had {ticket.Schema.Names.Count}, "
                + $"{ticket.Scaler.Means.Count}, {ticket.Similarity.Features} and {inputs}";
        }

        if (ticket.Lineage.SparseSwitchDensity is not (>= 0 and <= 1))
        {
            return $"the sparse switch density must be from 0 to 1, was {ticket.Lineage.SparseSwitchDensity}";
        }

        if (ticket.HorizonCandles < 1 || !double.IsFinite(ticket.Temperature) || ticket.Temperature <= 0 || !double.IsFinite(ticket.Lineage.EmergedAt))
        {
            return $"the horizon must be at least 1 and the temperature finite and above zero, were {ticket.HorizonCandles} and {ticket.Temperature}";
        }

        if (ticket.CalibrationExponent is not (>= 1 and <= BinaryCalibration.HighestExponent))
        {
            return $"the calibration exponent must be from 1 to {BinaryCalibration.HighestExponent}, was {ticket.CalibrationExponent}";
        }

        return GateFault(ticket.Gates) ?? ParameterFault(ticket);
    }

    private static string? GateFault(GateReport report)
    {
        foreach (var gate in report.Judgements)
        {
            if (gate.Passed is null != gate.Value is null || (gate.Passed == true && !double.IsFinite(gate.Value!.Value)))
            {
                return $"a verdict needs its number, gate {gate.Name} was {gate}";
            }
        }

        return null;
    }

    private static string? ParameterFault(Ticket ticket)
    {
        var shapes = ticket.Architecture.Parameters;
        if (ticket.Weights.Count != shapes.Count || ticket.Mask.Count != shapes.Count || ticket.RewindWeights.Count != shapes.Count)
        {
            return $"weights, mask and rewind weights must have {shapes.Count} parameters, had {ticket.Weights.Count}, {ticket.Mask.Count} and "
                + $"{ticket.RewindWeights.Count}";
        }

        var (kept, prunable) = (0L, 0L);
        for (var i = 0; i < shapes.Count; i++)
        {
            var (shape, weights, mask, rewind) = (shapes[i], ticket.Weights[i], ticket.Mask[i], ticket.RewindWeights[i]);
            if (weights.Length != shape.Count || rewind.Length != shape.Count || (mask is not null && mask.Length != shape.Count))
            {
                return $"{shape.Name} must have {shape.Count} values, had {weights.Length} weights, {rewind.Length} rewind weights and "
                    + $"{mask?.Length ?? shape.Count} mask entries";
            }

            if (mask is null == shape.IsPrunable)
            {
                return $"{shape.Name} must {(shape.IsPrunable ? "" : "not ")}have a mask";
            }

            for (var k = 0; k < weights.Length; k++)
            {
                if (!float.IsFinite(weights[k]) || !float.IsFinite(rewind[k]))
                {
                    return $"{shape.Name}[{k}] must be finite, was {weights[k]}, rewound to {rewind[k]}";
                }

                if (mask is not null && !mask[k] && weights[k] != 0)
                {
                    return $"{shape.Name}[{k}] is masked and must be zero, was {weights[k]}";
                }
            }

            prunable += mask?.Length ?? 0;
            kept += mask?.Count(m => m) ?? 0;
        }

        var density = (double)kept / prunable;
        return Math.Abs(density - ticket.Density) <= DensityTolerance ? null : $"the density must be the mask's share {density}, was {ticket.Density}";
    }
}
