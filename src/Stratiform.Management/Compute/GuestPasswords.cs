using System.Security.Cryptography;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>Gives guests passwords: the router hands one out once, and the job that made it shows it to who asked.</summary>
public sealed class GuestPasswords(LiveSettings settings, Secrets secrets)
{
    private const int Shortest = 6;
    private const int Longest = 64;

    // Without those that people take for each other.
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Offers one if guests of the template take passwords.</summary>
    /// <param name="vm">Whose guest.</param>
    /// <param name="template">What it was made from.</param>
    /// <param name="job">The job that shows it.</param>
    /// <param name="chosen">The owner's own choice; one is made up unless said.</param>
    public void Offer(VirtualMachine vm, Template template, WorkflowRow job, string? chosen = null)
    {
        if (!template.PasswordEnabled) return;
        var wrapped = secrets.Wrap(chosen ?? RandomNumberGenerator.GetString(Letters, settings.Get(ComputeSettings.PasswordLength)));
        vm.OfferPassword(wrapped);
        job.Result = JobSecrets.Result("password", wrapped);
    }

    /// <summary>Refuses what a guest's shell or a line of text could not carry.</summary>
    public static void Require(string chosen)
    {
        if (chosen.Length is < Shortest or > Longest || chosen.Any(c => c is <= ' ' or > '~'))
            throw Refusal.Parameter($"password is {Shortest} to {Longest} printable ASCII characters without spaces.");
    }
}
