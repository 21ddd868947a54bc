using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OpenLedger.Samples.Tests")]
