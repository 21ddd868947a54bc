namespace OpenLedger.Lora.Adapters;

/// <summary>What the adapted model is for, as PEFT's <c>task_type</c> says.</summary>
public enum LoraTaskType
{
    /// <summary>The configuration says nothing.</summary>
    Unspecified,

    /// <summary><c>CAUSAL_LM</c></summary>
    CausalLM,

    /// <summary><c>SEQ_CLS</c></summary>
    SequenceClassification,

    /// <summary><c>SEQ_2_SEQ_LM</c></summary>
    SequenceToSequence,

    /// <summary><c>TOKEN_CLS</c></summary>
    TokenClassification,

    /// <summary><c>QUESTION_ANS</c></summary>
    QuestionAnswering,

    /// <summary><c>FEATURE_EXTRACTION</c></summary>
    FeatureExtraction,
}
