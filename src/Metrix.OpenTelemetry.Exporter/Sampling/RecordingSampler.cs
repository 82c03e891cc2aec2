using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Sampling;

/// <summary>
/// Lets activities be recorded that the application's sampler drops, and changes nothing of what it samples: an activity
/// that is recorded but not sampled is passed to processors, and to no exporter and no other service.
/// </summary>
internal sealed class RecordingSampler : Sampler, IDisposable
{
    private readonly Sampler _inner;
    private readonly SlugMap? _mapped;

    /// <param name="inner">The application's sampler.</param>
    /// <param name="mapped">The names to which recording is narrowed; null records all.</param>
    private RecordingSampler(Sampler inner, SlugMap? mapped)
    {
        _inner = inner;
        _mapped = mapped;
        Description = $"MetrixRecordingSampler{{{inner.Description}}}";
    }

    /// <summary>The sampler to use in place of the application's.</summary>
    public static Sampler Over(Sampler inner, MetrixUnsampledActivities unsampled, SlugMap slugs) => unsampled switch
    {
        // What samples everything drops nothing, and the SDK knows a shorter way for it.
        _ when inner is AlwaysOnSampler => inner,
        MetrixUnsampledActivities.RecordAll => new RecordingSampler(inner, null),
        MetrixUnsampledActivities.RecordMatching => new RecordingSampler(inner, slugs),
        _ => inner,
    };

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var result = _inner.ShouldSample(samplingParameters);
        return result.Decision == SamplingDecision.Drop && IsWanted(samplingParameters)
            ? new SamplingResult(SamplingDecision.RecordOnly, result.Attributes, result.TraceStateString)
            : result;
    }

    public void Dispose() => (_inner as IDisposable)?.Dispose();

    private bool IsWanted(in SamplingParameters parameters)
    {
        if (_mapped is null || _mapped.TryGet(parameters.Name, out _))
            return true;

        // An enumerator is allocated for what is no list alone.
        if (parameters.Tags is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i].Key is FieldNames.Slug or FieldNames.SlugPascalCase)
                    return true;
            }

            return false;
        }

        return parameters.Tags is { } tags && tags.Any(tag => tag.Key is FieldNames.Slug or FieldNames.SlugPascalCase);
    }
}
