using System.Numerics;

namespace TicketBot.Research.Statistics;

/// <summary>How often the best candidate of one half of the rows is below the median of all candidates on the other half: the probability of backtest overfitting.</summary>
/// <remarks>Combinatorially symmetric cross-validation: Bailey, Borwein, Lopez de Prado and Zhu, "The probability of backtest overfitting", Journal of Computational Finance 20(4),
/// 2017. Rows are cut into blocks; every choice of half of them is once the half to choose on. The yardstick is the Sharpe ratio per row, 0 where nothing varies. With few
/// rows it scatters widely around one half for noise: it is shown and never judged by.</remarks>
/// <param name="Probability">Share of splits in which the chosen candidate ranks at or below the middle of the other half, 0..1.</param>
/// <param name="LossProbability">Share of splits in which the chosen candidate's ratio on the other half is below zero, 0..1.</param>
/// <param name="MeanLogit">Mean over splits of ln(w / (1 - w)), w the chosen candidate's rank on the other half over candidates + 1; above zero is good.</param>
/// <param name="Splits">Splits.</param>
/// <param name="Candidates">Candidates.</param>
public sealed record OverfittingProbability(double Probability, double LossProbability, double MeanLogit, int Splits, int Candidates)
{
    /// <summary>Most blocks: 12,870 splits.</summary>
    public const int MostBlocks = 16;

    /// <summary>Judges a table of at least two candidates.</summary>
    /// <param name="returns">Returns, <c>[rows, candidates]</c>.</param>
    /// <param name="blocks">Blocks of equal length to the row, even, 2 to 16, each of at least 2 rows.</param>
    /// <exception cref="ArgumentException">There is one candidate only, or too few rows.</exception>
    public static OverfittingProbability Of(CandidateReturns returns, int blocks)
    {
        if (blocks is < 2 or > MostBlocks || blocks % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks, $"blocks are an even number of 2 to {MostBlocks}, was {blocks}");
        }

        if (returns.Candidates < 2 || returns.Rows < 2 * blocks)
        {
            throw new ArgumentException(
                $"at least 2 candidates and {2 * blocks} rows (2 a block) are needed, were {returns.Candidates} and {returns.Rows}", nameof(returns));
        }

        var moments = new BlockMoments(returns, blocks);
        var chosenOn = new double[returns.Candidates];
        var judgedOn = new double[returns.Candidates];
        int splits = 0, overfitted = 0, losing = 0;
        double logits = 0;
        var all = (1u << blocks) - 1;
        for (var half = 0u; half <= all; half++)
        {
            if (BitOperations.PopCount(half) != blocks / 2)
            {
                continue;
            }

            moments.Ratios(half, chosenOn);
            moments.Ratios(all & ~half, judgedOn);
            var best = Array.IndexOf(chosenOn, chosenOn.Max());
            var share = MidRank(judgedOn, best) / (returns.Candidates + 1);
            var logit = Math.Log(share / (1 - share));
            splits++;
            overfitted += logit <= 0 ? 1 : 0;
            losing += judgedOn[best] < 0 ? 1 : 0;
            logits += logit;
        }

        return new OverfittingProbability((double)overfitted / splits, (double)losing / splits, logits / splits, splits, returns.Candidates);
    }

    // Rank from 1 (worst); equal values share the mean of their ranks.
    private static double MidRank(double[] values, int index)
    {
        int below = 0, equal = 0;
        foreach (var value in values)
        {
            below += value < values[index] ? 1 : 0;
            equal += value == values[index] ? 1 : 0;
        }

        return below + ((equal + 1) / 2.0);
    }

    // Per block and candidate the sums that a Sharpe ratio needs, taken from the candidate's mean so that no digits cancel.
    private sealed class BlockMoments
    {
        private readonly int _candidates;
        private readonly int[] _rows;
        private readonly double[] _centres;
        private readonly double[] _sums;
        private readonly double[] _squares;

        public BlockMoments(CandidateReturns returns, int blocks)
        {
            _candidates = returns.Candidates;
            _rows = new int[blocks];
            _centres = new double[_candidates];
            _sums = new double[blocks * _candidates];
            _squares = new double[blocks * _candidates];
            for (var row = 0; row < returns.Rows; row++)
            {
                for (var k = 0; k < _candidates; k++)
                {
                    _centres[k] += returns.Row(row)[k] / returns.Rows;
                }
            }

            for (var block = 0; block < blocks; block++)
            {
                var (start, end) = ((int)((long)block * returns.Rows / blocks), (int)((block + 1L) * returns.Rows / blocks));
                _rows[block] = end - start;
                for (var row = start; row < end; row++)
                {
                    var values = returns.Row(row);
                    for (var k = 0; k < _candidates; k++)
                    {
                        var value = values[k] - _centres[k];
                        _sums[(block * _candidates) + k] += value;
                        _squares[(block * _candidates) + k] += value * value;
                    }
                }
            }
        }

        public void Ratios(uint blocks, double[] ratios)
        {
            for (var k = 0; k < _candidates; k++)
            {
                int rows = 0;
                double sum = 0, square = 0;
                for (var left = blocks; left != 0; left &= left - 1)
                {
                    var block = BitOperations.TrailingZeroCount(left);
                    rows += _rows[block];
                    sum += _sums[(block * _candidates) + k];
                    square += _squares[(block * _candidates) + k];
                }

                var mean = _centres[k] + (sum / rows);
                var variance = (square - (sum * sum / rows)) / (rows - 1);
                ratios[k] = variance > 1e-18 * mean * mean ? mean / Math.Sqrt(variance) : 0;
            }
        }
    }
}
