using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenLedger.Datanets;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Hosting.Datanets;

/// <summary>Makes rows of a schema from documents: a language model is asked about one part after the other.</summary>
/// <remarks>
/// <para>
/// The document and the model's answer are both hostile. An answer is bounded, must be one JSON value, and each of its rows must fit the
/// schema and quote the part (<see cref="ChatRowExtractorOptions.RequiresQuotedEvidence"/>). That catches rows from the model's memory or from
/// another part. It does not catch a wrong conclusion from a true quotation, nor rows that the author of the document wanted: a document can
/// instruct the model, and whoever writes the instruction can write the quotation too. Rows are proposals; review them. The client must not
/// be able to call tools, since a document could ask for that.
/// </para>
/// <para>
/// Rows are canonical JSON at the <see cref="SourceRow.Position"/> of their part. Those of a schema with private fields have no salt yet
/// (<see cref="DatanetRecord.WithSalt(System.Security.Cryptography.RandomNumberGenerator)"/>). Safe for concurrent use when the client and
/// the inner extractor are.
/// </para>
/// </remarks>
public sealed class ChatRowExtractor : IRowExtractor
{
    /// <summary>Most characters of a quotation or answer that is looked up, in UTF-16 units; a longer one proves nothing.</summary>
    public const int MaxQuoteLength = 4096;

    private const string TextName = "text";

    private readonly IChatClient _client;
    private readonly IRowExtractor _parts;
    private readonly DatanetSchema _schema;
    private readonly ChatRowExtractorOptions _options;
    private readonly FrozenSet<string> _provenance;
    private readonly bool _keepsEvidence;
    private readonly ChatRowPrompt _prompt;

    /// <summary>Creates an extractor.</summary>
    /// <param name="client">
    /// Answers; not disposed. It must call no tools and must heed system messages, which the default prompt format of <c>LoraChatClient</c> does not.
    /// </param>
    /// <param name="parts">Cuts documents into objects with a member <c>text</c>; one request is made for each.</param>
    /// <param name="schema">What rows look like: one variant, with a field that is not provenance.</param>
    /// <param name="options">Instructions and limits, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside its range, the schema has several variants or leaves nothing to the model, or its evidence field is no text.
    /// </exception>
    public ChatRowExtractor(IChatClient client, IRowExtractor parts, DatanetSchema schema, ChatRowExtractorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(schema);
        _options = options ?? new ChatRowExtractorOptions();
        _options.Validate();
        if (schema.Variants.Count != 1)
        {
            throw new ArgumentException($"The schema has {schema.Variants.Count} variants; make one of the variant that the rows shall have.", nameof(schema));
        }

        IReadOnlyList<SchemaField> fields = schema.Variants[0].Fields;
        _provenance = _options.ProvenanceFields.Where(name => fields.Any(field => field.Name == name)).ToFrozenSet(StringComparer.Ordinal);
        SchemaField? evidence = fields.FirstOrDefault(field => field.Name == _options.EvidenceField);
        if (_options.RequiresQuotedEvidence && evidence is { Type: not TextField })
        {
            throw new ArgumentException($"The field '{evidence.Name}' is no text, so that it cannot quote; name another EvidenceField.", nameof(schema));
        }

        if (fields.All(field => _provenance.Contains(field.Name) || (_options.RequiresQuotedEvidence && field == evidence)))
        {
            throw new ArgumentException("The schema has only provenance and evidence, so that there is nothing to ask a model for.", nameof(schema));
        }

        _client = client;
        _parts = parts;
        _schema = schema;
        _keepsEvidence = evidence is not null;
        Extensions = Array.AsReadOnly(parts.Extensions.ToArray());
        _prompt = new ChatRowPrompt(schema, _options, _provenance);
    }

    /// <summary>The endings that the inner extractor reads.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>Makes rows of a document. A part is read, and the model asked about it, when the rows before it have been walked.</summary>
    /// <param name="document">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="fileName">The file's name without folders, for messages and provenance; the model does not see it.</param>
    /// <param name="cancellationToken">Ends the walk, and the request that is under way.</param>
    /// <returns>The rows, which can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable or the name empty; thrown before the walk.</exception>
    /// <exception cref="DatanetException">
    /// While walking: what the inner extractor throws; <see cref="DatanetError.LimitExceeded"/>: there are more parts than
    /// <see cref="ChatRowExtractorOptions.MaxParts"/>; <see cref="DatanetError.InvalidDocument"/>: a part has no <c>text</c>;
    /// <see cref="DatanetError.InvalidGeneratedRows"/> under <see cref="ChatRowFaultAction.Throw"/>. What the client throws passes through.
    /// </exception>
    public IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        return WalkAsync(_parts.ExtractAsync(document, fileName, cancellationToken), fileName, cancellationToken);
    }

    private async IAsyncEnumerable<SourceRow> WalkAsync(
        IAsyncEnumerable<SourceRow> parts, string fileName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatRowTally tally = new(fileName);
        bool isComplete = false;
        try
        {
            await foreach (SourceRow part in parts.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (tally.Parts == _options.MaxParts)
                {
                    throw new DatanetException(DatanetError.LimitExceeded, $"{part.Position}: the document has more than MaxParts = {_options.MaxParts} parts.");
                }

                tally.Parts++;
                List<SourceRow> rows = await MakeRowsAsync(part, tally, cancellationToken).ConfigureAwait(false);
                _options.Progress?.Report(tally.ToReport(isComplete: false));
                foreach (SourceRow row in rows)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return row;
                }
            }

            isComplete = true;
        }
        finally
        {
            _options.Progress?.Report(tally.ToReport(isComplete));
        }
    }

    private async Task<List<SourceRow>> MakeRowsAsync(SourceRow part, ChatRowTally tally, CancellationToken cancellationToken)
    {
        DatanetRecord content = DatanetRecord.Parse(part.Utf8.Span, part.Position);
        if (!content.TryGetText(TextName, out string? text))
        {
            throw new DatanetException(DatanetError.InvalidDocument, $"{part.Position}: the part has no member '{TextName}' with its text.");
        }

        List<SourceRow> rows = [];
        if (await AskAsync(part, content, text, tally, cancellationToken).ConfigureAwait(false) is not { } answer)
        {
            return rows;
        }

        QuotableText quotable = new(text);
        int number = 0;
        foreach (JsonElement element in answer.EnumerateArray().Take(_options.MaxRowsPerPart))
        {
            number++;
            if (TryMakeRow(element, content, quotable, out DatanetRecord? record, out ChatRowFault fault, out string? reason))
            {
                rows.Add(new SourceRow(part.SourceName, part.Unit, part.Number, record.Payload));
            }
            else
            {
                Refuse(tally, new ChatRowFinding(fault, part.Position, number, reason));
            }
        }

        int beyond = answer.GetArrayLength() - number;
        if (beyond > 0)
        {
            string message = FormattableString.Invariant($"{beyond} rows beyond MaxRowsPerPart = {_options.MaxRowsPerPart} are dropped.");
            Refuse(tally, new ChatRowFinding(ChatRowFault.TooManyRows, part.Position, null, message), beyond);
        }

        tally.Rows += rows.Count;
        return rows;
    }

    /// <summary>The array of an answer that can be read, or <see langword="null"/> when the model gave none.</summary>
    private async Task<JsonElement?> AskAsync(SourceRow part, DatanetRecord content, string text, ChatRowTally tally, CancellationToken cancellationToken)
    {
        string? refusal = null;
        for (int attempt = 0; attempt < _options.MaxAttempts; attempt++)
        {
            ChatOptions options = new() // made anew, since clients may change it
            {
                ModelId = _options.ModelId,
                Temperature = _options.Temperature,
                MaxOutputTokens = _options.MaxOutputTokens,
                ResponseFormat = _options.SendsResponseFormat ? _prompt.ResponseFormat : null,
            };
            ChatResponse response = await _client.GetResponseAsync(_prompt.Ask(content, text, refusal), options, cancellationToken).ConfigureAwait(false);
            tally.AddAnswer(response.Usage);
            if (ChatRowAnswer.TryRead(response.Text, _options.MaxAnswerBytes, out JsonElement rows, out refusal))
            {
                return rows;
            }

            if (response.FinishReason == ChatFinishReason.Length)
            {
                refusal = FormattableString.Invariant($"it was cut off after {_options.MaxOutputTokens} tokens; give fewer or shorter rows");
            }
        }

        string times = _options.MaxAttempts == 1 ? "" : FormattableString.Invariant($" after {_options.MaxAttempts} attempts");
        Refuse(tally, new ChatRowFinding(ChatRowFault.MalformedAnswer, part.Position, null, $"The answer is refused{times}: {refusal}."));
        return null;
    }

    private bool TryMakeRow(
        JsonElement element,
        DatanetRecord part,
        QuotableText text,
        [NotNullWhen(true)] out DatanetRecord? record,
        out ChatRowFault fault,
        [NotNullWhen(false)] out string? reason)
    {
        record = null;
        fault = ChatRowFault.SchemaMismatch;
        DatanetRecord given;
        DatanetRecord made;
        try
        {
            given = DatanetRecord.FromElement(element);
            made = DatanetRecord.FromObject(Complete(given, part));
        }
        catch (DatanetException exception) // a name twice, half a surrogate pair, a number that would be rounded, no object, too long
        {
            reason = exception.Message;
            return false;
        }

        // The salt is the submitter's to draw: a missing one is no fault here, and one that the model made up is.
        SchemaFault? first = _schema.Validate(made.Element).FirstOrDefault(found => found.Code != SchemaFaultCode.MissingSalt);
        reason = given.Element.TryGetProperty(RecordSalt.MemberName, out _) ? $"The model gave the reserved member '{RecordSalt.MemberName}'." : first?.ToString();
        if (reason is null && _options.RequiresQuotedEvidence && !IsQuoted(given, _options.EvidenceField, text) && !IsQuoted(given, _options.AnswerField, text))
        {
            fault = ChatRowFault.MissingEvidence;
            reason = FormattableString.Invariant($"Neither '{_options.EvidenceField}' nor the answer stands in the part with {_options.MinQuoteLength} to {MaxQuoteLength} characters.");
        }

        record = reason is null ? made : null;
        return record is not null;
    }

    /// <summary>The row as the schema has it: the quotation taken off when it has no field for it, provenance from the part alone.</summary>
    private JsonObject Complete(DatanetRecord given, DatanetRecord part)
    {
        JsonObject row = JsonObject.Create(given.Element)!;
        if (_options.RequiresQuotedEvidence && !_keepsEvidence)
        {
            row.Remove(_options.EvidenceField);
        }

        foreach (string name in _provenance)
        {
            row.Remove(name);
            if (part.Element.TryGetProperty(name, out JsonElement value))
            {
                row[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return row;
    }

    private bool IsQuoted(DatanetRecord row, string? field, QuotableText text) =>
        field is not null
        && row.TryGetText(field, out string? quotation)
        && quotation.Length <= MaxQuoteLength
        && QuotableText.LengthOf(quotation) >= Math.Min(_options.MinQuoteLength, text.Length)
        && text.Holds(quotation);

    private void Refuse(ChatRowTally tally, ChatRowFinding finding, int count = 1)
    {
        tally.AddFinding(finding, count);
        if (_options.FaultAction == ChatRowFaultAction.Throw && finding.Fault is ChatRowFault.MalformedAnswer or ChatRowFault.SchemaMismatch)
        {
            throw new DatanetException(DatanetError.InvalidGeneratedRows, finding.ToString());
        }
    }
}
