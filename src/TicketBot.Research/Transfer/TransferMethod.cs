namespace TicketBot.Research.Transfer;

/// <summary>What is done with a network of the source to serve the target.</summary>
public enum TransferMethod
{
    /// <summary>Nothing: the source's network as it is.</summary>
    None = 0,

    /// <summary>A fresh network on the target's labels alone; the control of every other method.</summary>
    Scratch = 1,

    /// <summary>Feature extraction: the source's features stay, running statistics included; the head learns the target's labels.</summary>
    Freeze = 2,

    /// <summary>The first weighted layer stays; the others are fine-tuned with discriminative step sizes.</summary>
    Partial = 3,

    /// <summary>Every layer is fine-tuned with discriminative step sizes and thaws from the top (Howard and Ruder 2018).</summary>
    Full = 4,

    /// <summary>Every layer is fine-tuned while the features are pulled back to the source's weights (Li et al. 2018).</summary>
    L2Sp = 5,

    /// <summary>Batch normalisation takes the target's statistics, no weight moves (Li et al. 2017).</summary>
    AdaBn = 6,

    /// <summary>Source labels beside a kernel distance of the features (Long et al. 2015).</summary>
    Mmd = 7,

    /// <summary>Source labels beside a covariance distance of the features (Sun and Saenko 2016).</summary>
    Coral = 8,

    /// <summary>Source labels beside a discriminator whose gradient is reversed (Ganin et al. 2016).</summary>
    Dann = 9,

    /// <summary>Features learned from the rows of both domains without labels, then the labels of both.</summary>
    Autoencoder = 10,
}
