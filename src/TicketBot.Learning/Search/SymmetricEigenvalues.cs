namespace TicketBot.Learning.Search;

/// <summary>The largest eigenvalue of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan 2013, section 8.5).</summary>
internal static class SymmetricEigenvalues
{
    private const int Sweeps = 60;

    /// <summary>Returns the largest eigenvalue; the matrix is used up.</summary>
    public static double Largest(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double off = 0.0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    off += matrix[p, q] * matrix[p, q];
                    Rotate(matrix, n, p, q);
                }
            }

            if (off < 1e-30)
            {
                break;
            }
        }

        double largest = matrix[0, 0];
        for (int i = 1; i < n; i++)
        {
            largest = Math.Max(largest, matrix[i, i]);
        }

        return largest;
    }

    private static void Rotate(double[,] a, int n, int p, int q)
    {
        if (a[p, q] == 0.0)
        {
            return;
        }

        double theta = (a[q, q] - a[p, p]) / (2.0 * a[p, q]);
        double t = (theta >= 0.0 ? 1.0 : -1.0) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1.0));
        double c = 1.0 / Math.Sqrt(t * t + 1.0);
        double s = t * c;
        for (int k = 0; k < n; k++)
        {
            double kp = a[k, p];
            double kq = a[k, q];
            a[k, p] = c * kp - s * kq;
            a[k, q] = s * kp + c * kq;
        }

        for (int k = 0; k < n; k++)
        {
            double pk = a[p, k];
            double qk = a[q, k];
            a[p, k] = c * pk - s * qk;
            a[q, k] = s * pk + c * qk;
        }
    }
}
