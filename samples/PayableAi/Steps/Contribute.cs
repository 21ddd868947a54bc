using System.Text;
using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Versions;
using PayableAi.Input;

namespace PayableAi.Steps;

/// <summary>A record that was accepted: its line in the input, its row in the datanet and who gave it.</summary>
internal sealed record AcceptedRecord(SourceLine Line, string Datanet, string ContributorName, ContributorId Contributor)
{
    public string? Question => Line.Record.TryGetText("question", out string? text) ? text : null;

    public string? Answer => Line.Record.TryGetText("answer", out string? text) ? text : null;

    /// <summary>What the record says, for people, spans and BM25.</summary>
    public string Text => Question is null ? (Line.Record.TryGetText("text", out string? text) ? text : "") : $"{Question} {Answer}";
}

/// <summary>A record that was refused, with the reason given to its contributor.</summary>
internal sealed record RefusedLine(SourceLine Line, string Datanet, string ContributorName, string Reason);

/// <summary>The committed datanets.</summary>
internal sealed record Contributed(
    IReadOnlyList<DatanetVersion> Versions, IReadOnlyList<AcceptedRecord> Accepted, IReadOnlyList<RefusedLine> Refused, SortedDictionary<string, EthereumAccount> Accounts);

/// <summary>Step 1: every contributor signs what they give, each datanet validates it, refuses duplicates and commits a version.</summary>
internal sealed class Contribute(DatanetOptions options, int seed)
{
    public Contributed Run(SampleData data)
    {
        SortedDictionary<string, EthereumAccount> accounts = new(StringComparer.Ordinal);
        foreach (string name in data.Submissions.Select(s => s.Contributor))
        {
            accounts.TryAdd(name, Account(name));
        }

        EthereumContributionSigner curator = new(Account("curator"));
        List<DatanetVersion> versions = [];
        List<AcceptedRecord> accepted = [];
        List<RefusedLine> refused = [];
        foreach (IGrouping<string, Submission> group in data.Submissions.GroupBy(s => s.Datanet))
        {
            if (!Datanet.IsValidId(group.Key))
            {
                throw new BadInputException($"{group.Key}: the folder name is not a datanet id; use lower-case letters, digits and inner hyphens");
            }

            Datanet datanet = Datanet.Create(group.Key, curator.Contributor, SampleData.Schema, options);
            foreach (Submission submission in group)
            {
                EthereumContributionSigner signer = new(accounts[submission.Contributor]);
                Contribution contribution = Contribution.Sign(
                    new ContributionDraft
                    {
                        DatanetId = datanet.Id,
                        Records = [.. submission.Lines.Select(l => l.Record)],
                        Licence = "CC-BY-4.0",
                        Consent = ConsentTerms.Training | ConsentTerms.Inference,
                        Provenance = $"Written for the sample by {submission.Contributor}",
                    },
                    signer);
                ContributionResult result = datanet.Submit(contribution);
                for (int i = 0; i < submission.Lines.Count; i++)
                {
                    if (result.Outcomes[i].IsAccepted)
                    {
                        accepted.Add(new AcceptedRecord(submission.Lines[i], datanet.Id, submission.Contributor, signer.Contributor));
                    }
                    else
                    {
                        refused.Add(new RefusedLine(submission.Lines[i], datanet.Id, submission.Contributor, result.Outcomes[i].Message));
                    }
                }
            }

            versions.Add(datanet.Commit("First version"));
        }

        return new Contributed(versions, accepted, refused, accounts);
    }

    /// <summary>Demonstration keys, derived from seed and name so that a run can be repeated. Real contributors bring their own.</summary>
    public static EthereumAccount Account(int seed, string name) => EthereumAccount.FromSeed(Encoding.UTF8.GetBytes($"openledger-sample/{seed}/{name}"));

    private EthereumAccount Account(string name) => Account(seed, name);
}
