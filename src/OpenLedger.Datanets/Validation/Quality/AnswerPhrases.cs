namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>What answers of assistants say when they do not answer. In small letters, with straight apostrophes.</summary>
public static class AnswerPhrases
{
    /// <summary>Refusals.</summary>
    public static IReadOnlyList<string> Refusals { get; } =
    [
        "i cannot help with", "i can't help with", "i cannot assist", "i can't assist", "i'm unable to", "i am unable to",
        "i'm not able to", "i am not able to", "i cannot fulfill", "i can't fulfill", "i cannot provide", "i can't provide",
        "i'm sorry, but i can", "i am sorry, but i can", "i apologize, but i can", "sorry, i can't", "sorry, i cannot",
        "je ne peux pas vous aider", "je suis désolé, mais je ne peux", "ich kann ihnen dabei nicht helfen", "es tut mir leid, aber ich kann",
        "lo siento, pero no puedo", "desculpe, mas não posso", "maaf, saya tidak dapat", "tôi không thể giúp", "xin lỗi, tôi không thể",
        "tôi rất tiếc, nhưng tôi không thể", "抱歉，我无法", "对不起，我无法", "我无法提供", "申し訳ありませんが、", "죄송하지만",
        "извините, но я не могу", "к сожалению, я не могу",
    ];

    /// <summary>What an assistant says of itself instead of the matter.</summary>
    public static IReadOnlyList<string> Boilerplate { get; } =
    [
        "as an ai language model", "as a language model", "as an ai assistant, i", "as an artificial intelligence",
        "my knowledge cutoff", "my training data only", "i don't have personal opinions", "i do not have personal opinions",
        "en tant que modèle de langage", "als ki-sprachmodell", "como modelo de lenguaje", "como um modelo de linguagem",
        "sebagai model bahasa", "là một mô hình ngôn ngữ", "作为一个人工智能", "作为一个语言模型", "言語モデルとして", "как языковая модель",
    ];
}
