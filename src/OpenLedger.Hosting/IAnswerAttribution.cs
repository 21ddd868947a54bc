using OpenLedger.Attribution.Reports;

namespace OpenLedger.Hosting;

/// <summary>Attributes answers of adapters to the records they were trained on.</summary>
/// <remarks>Implementations must be safe for concurrent use.</remarks>
public interface IAnswerAttribution
{
    /// <summary>Looks an adapter up.</summary>
    /// <param name="adapterName">The model id of the adapter.</param>
    /// <returns>Its provenance, or <see langword="null"/> where its answers cannot be attributed.</returns>
    AdapterProvenance? Find(string adapterName);

    /// <summary>Attributes one answer.</summary>
    /// <param name="provenance">What <see cref="Find"/> returned before the answer was computed.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">What the adapter answered; may be empty.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>A report whose record ids are keys of <see cref="AdapterProvenance.Origins"/>.</returns>
    /// <exception cref="ArgumentException">The provenance is not from here.</exception>
    AttributionReport Attribute(AdapterProvenance provenance, string question, string answer, CancellationToken cancellationToken = default);
}
