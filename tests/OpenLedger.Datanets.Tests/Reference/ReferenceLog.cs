using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>What a branch holds, as docs/spec/datanet-leaf.md says it: one list, one step after the other. Slow on purpose.</summary>
internal static class ReferenceLog
{
    public static List<long> Content(IReadOnlyList<DatanetStep> steps, string branch, long size)
    {
        List<long> content = [];
        for (int i = 0; i < size; i++)
        {
            DatanetStep step = steps[i];
            if (step.Kind == StepKind.Erase)
            {
                content.Remove(step.Target);
            }
            else if (step.Branch == branch)
            {
                switch (step.Kind)
                {
                    case StepKind.Add:
                        content.Add(i);
                        break;
                    case StepKind.Include:
                        content.Add(step.Target);
                        break;
                    case StepKind.Remove:
                        Assert.True(content.Remove(step.Target));
                        break;
                    case StepKind.Fork:
                        content = Content(steps, step.Source, Math.Min(step.Target, i));
                        content.RemoveAll(record => steps.Take(i).Any(erased => erased.Kind == StepKind.Erase && erased.Target == record));
                        break;
                }
            }
        }

        Assert.Equal(content.Count, content.Distinct().Count());
        return content;
    }
}
