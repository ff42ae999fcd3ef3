namespace TicketBot.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void An_empty_data_folder_is_refused_and_the_default_passes()
    {
        var validator = new StorageOptionsValidator();
        Assert.True(validator.Validate(null, new StorageOptions()).Succeeded);
        Assert.True(validator.Validate(null, new StorageOptions { DataFolder = " " }).Failed);
    }
}
