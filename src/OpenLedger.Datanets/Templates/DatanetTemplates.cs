using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Templates;

/// <summary>The templates of this package.</summary>
public static class DatanetTemplates
{
    /// <summary>Questions about the law of one country, answered with the provision that applies.</summary>
    public static DatanetTemplate LegalQuestions { get; } = new(
        "legal-questions",
        "Legal questions and answers",
        "Questions people have about the law of one country, each answered with the provision that decides it.",
        new SchemaBuilder("legal-questions").Variant("answer", v => v
            .Required("question", new TextField(10, 2_000))
            .Required("answer", new TextField(20, 8_000))
            .Required("jurisdiction", new TextField(2, 6))
            .Required("provisions", new ListField(new TextField(2, 200), 1, 20))
            .Required("asOf", new TextField(10, 10, "[0-9]{4}-[0-9]{2}-[0-9]{2}"))
            .Optional("area", new EnumField("civil", "criminal", "labour", "family", "tax", "administrative", "commercial", "other"))).Build(),
        Rules("legal_questions", RuleSeverity.Error),
        new ReviewQueueOptions { Overlap = 2, Rule = ResolutionRule.Unanimous },
        ConsentTerms.Training | ConsentTerms.Inference,
        """
        # Guidelines: legal questions

        - One question, one answer. The answer names the provision (`provisions`) and the day it was checked (`asOf`, such as 2030-01-31).
        - `jurisdiction` is the country or state whose law decides, as ISO 3166: `VN`, `DE`, `US-CA`.
        - General information, no advice on a pending case. Leave out parties, file numbers and dates that point to people.
        - Quote statutes and published decisions; do not copy commentaries or forms that somebody else owns.
        - Reviewers are lawyers of that jurisdiction. Both must agree; a provision that was repealed since is a reason to reject.
        """);

    /// <summary>Questions about health, answered from a named source.</summary>
    public static DatanetTemplate MedicalAdvice { get; } = new(
        "medical-advice",
        "Health questions and answers",
        "Questions about health, each answered from a named source, with what makes it urgent.",
        new SchemaBuilder("medical-advice").Variant("answer", v => v
            .Required("question", new TextField(10, 2_000))
            .Required("answer", new TextField(20, 8_000))
            .Required("sources", new ListField(new TextField(4, 500), 1, 20))
            .Required("urgency", new EnumField("none", "see-a-doctor", "see-a-doctor-today", "emergency"))
            .Required("audience", new EnumField("public", "professional"))
            .Optional("specialty", new TextField(2, 100))).Build(),
        Rules("medical_advice", RuleSeverity.Error),
        new ReviewQueueOptions { Overlap = 3, Rule = ResolutionRule.Majority, DisputeOverlap = 3 },
        ConsentTerms.Training,
        """
        # Guidelines: health questions

        - Answer from a guideline, a package leaflet or a textbook and name it in `sources`. What one person experienced is no source.
        - Say in `urgency` what somebody with this question should do. When in doubt choose the more urgent.
        - No patients: no names, dates, places or rare details, not even changed ones. A case report is not a record.
        - Doses only with unit, age group and source. No advice to stop a medicine without a doctor.
        - Three reviewers of the field; a wrong dose is rejected as incorrect, however small the error.
        """);

    /// <summary>Questions of customers and what the support answers.</summary>
    public static DatanetTemplate Support { get; } = new(
        "support",
        "Customer support",
        "Questions that customers ask about a product or service, and the answer support gives.",
        new SchemaBuilder("support")
            .Variant("answer", v => v
                .Required("question", new TextField(5, 1_000))
                .Required("answer", new TextField(10, 4_000))
                .Required("product", new TextField(2, 50))
                .Optional("language", new TextField(2, 10))
                .Optional("source", new TextField(1, 300)))
            .Variant("conversation", v => v
                .Required("messages", new ChatField(["system", "user", "assistant"], 2, 100, 4_000))
                .Required("product", new TextField(2, 50))
                .Optional("language", new TextField(2, 10))).Build(),
        Rules("support", RuleSeverity.Error),
        new ReviewQueueOptions { Overlap = 2, Rule = ResolutionRule.Majority },
        ConsentTerms.Training | ConsentTerms.Inference,
        """
        # Guidelines: customer support

        - Write the question as a customer would ask it, and the answer so that it can be sent as it is.
        - `product` is the part of the service it concerns; `language` a code such as `en` or `vi`.
        - No customers and no colleagues: no names, numbers, addresses, bookings. Direct phone lines do not belong into an answer.
        - One fact once: if the question is there in other words, improve that record instead of adding another.
        - Reject answers that promise what the terms do not, and answers that only say where else to ask.
        """);

    /// <summary>Programming tasks with a solution that runs.</summary>
    public static DatanetTemplate CodeExercises { get; } = new(
        "code-exercises",
        "Programming tasks",
        "Programming tasks with a solution that runs and tests that show it.",
        new SchemaBuilder("code-exercises").Variant("exercise", v => v
            .Required("instruction", new TextField(10, 4_000))
            .Required("output", new TextField(1, 20_000))
            .Required("programmingLanguage", new TextField(1, 30))
            .Optional("input", new TextField(0, 8_000))
            .Optional("tests", new TextField(1, 20_000))
            .Optional("dependencies", new ListField(new TextField(1, 100), 0, 50))).Build(),
        Rules("code_exercises", RuleSeverity.Warning),
        new ReviewQueueOptions { Overlap = 1, OwnerApproval = true },
        ConsentTerms.Training | ConsentTerms.Inference | ConsentTerms.Mining,
        """
        # Guidelines: programming tasks

        - The solution runs as it stands with the versions named in `dependencies`. Tests that fail without the solution are worth most.
        - Your own code only, or code whose licence you name in the contribution and keep in its header.
        - No keys, tokens or host names, not even expired ones.
        - Explain the idea in the task or in a comment; no generated boilerplate.
        - The reviewer runs it. What does not run is rejected as incorrect; what copies a known benchmark as contaminated.
        """);

    /// <summary>All templates, in the order of their names.</summary>
    public static IReadOnlyList<DatanetTemplate> All { get; } = [CodeExercises, LegalQuestions, MedicalAdvice, Support];

    /// <summary>Finds a template, or <see langword="null"/>.</summary>
    /// <param name="name">See <see cref="DatanetTemplate.Name"/>.</param>
    public static DatanetTemplate? Find(string name) => All.FirstOrDefault(template => template.Name == name);

    /// <summary>The rules for questions with answers, and personal data and secrets as errors; code quotes addresses, so there only secrets are.</summary>
    private static ValidationProfile Rules(string name, RuleSeverity personalData)
    {
        PersonalDataRule rule = new(new PersonalDataScanner());
        return BuiltInProfiles.Instruction()
            .Extend(name)
            .Add(rule, new ProfileRuleOptions
            {
                SeverityByCode = rule.Codes.Where(code => code.StartsWith("pii_", StringComparison.Ordinal)).ToDictionary(code => code, _ => personalData),
            })
            .Build();
    }
}
