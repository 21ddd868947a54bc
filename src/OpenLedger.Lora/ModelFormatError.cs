namespace OpenLedger.Lora;

/// <summary>Why a model, adapter or tensor file was refused.</summary>
public enum ModelFormatError
{
    /// <summary>A file that the folder layout demands is absent.</summary>
    FileMissing,

    /// <summary>The file ends before the data it announces.</summary>
    Truncated,

    /// <summary>A header or configuration is larger than the reader accepts.</summary>
    TooLarge,

    /// <summary>A safetensors header is not the JSON object that the format prescribes.</summary>
    HeaderInvalid,

    /// <summary>A tensor has an element type that this package does not know, or cannot convert to <see cref="float"/>.</summary>
    DataTypeUnsupported,

    /// <summary>A tensor's shape is negative, overflows, or contradicts its byte length.</summary>
    ShapeInvalid,

    /// <summary>Tensor data overlaps, leaves holes, or lies outside the file.</summary>
    OffsetsInvalid,

    /// <summary>A name occurs twice where names must be unique.</summary>
    DuplicateName,

    /// <summary>A JSON configuration cannot be parsed, or a field has the wrong type or an impossible value.</summary>
    ConfigInvalid,

    /// <summary>A configuration is well-formed and asks for something this package does not implement.</summary>
    ConfigUnsupported,

    /// <summary>Tensors are missing, unexpected or of another shape than the configuration implies.</summary>
    TensorsMismatch,

    /// <summary>An adapter does not fit the base model it was asked to run on.</summary>
    AdapterMismatch,

    /// <summary>A Python pickle, which can run code when loaded, where safetensors are required.</summary>
    PickleRefused,

    /// <summary>A chat template cannot be parsed, or does with a value what its type does not allow.</summary>
    TemplateInvalid,

    /// <summary>A chat template uses a part of Jinja or Python that this package does not implement; the message names it.</summary>
    TemplateUnsupported,

    /// <summary>A chat template nests, loops or grows beyond what an honest one needs.</summary>
    TemplateLimitExceeded,

    /// <summary>A weight is NaN or infinite, or too large for the number format that it is converted to.</summary>
    NotFinite,
}
