using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Sampling;

/// <summary>
/// Records activities that the application's sampler drops, and does not change what it samples. The SDK passes an
/// activity that is recorded but not sampled to processors, but not to exporters or other services.
/// </summary>
internal sealed class RecordingSampler : Sampler, IDisposable
{
    private readonly Sampler _inner;
    private readonly SlugMap? _slugs;

    /// <param name="inner">The application's sampler.</param>
    /// <param name="slugs">Limits recording to activities with a name in this map or a slug; null records all.</param>
    private RecordingSampler(Sampler inner, SlugMap? slugs)
    {
        _inner = inner;
        _slugs = slugs;
        Description = $"MetrixRecordingSampler{{{inner.Description}}}";
    }

    /// <summary>Returns the sampler to use instead of the application's.</summary>
    public static Sampler Over(Sampler inner, MetrixUnsampledActivities unsampled, SlugMap slugs) => unsampled switch
    {
        // AlwaysOnSampler drops nothing, and the SDK has a faster path for it.
        _ when inner is AlwaysOnSampler => inner,
        MetrixUnsampledActivities.RecordAll => new RecordingSampler(inner, null),
        MetrixUnsampledActivities.RecordMatching => new RecordingSampler(inner, slugs),
        _ => inner,
    };

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var result = _inner.ShouldSample(samplingParameters);
        return result.Decision == SamplingDecision.Drop && MayBeEvent(samplingParameters)
            ? new SamplingResult(SamplingDecision.RecordOnly, result.Attributes, result.TraceStateString)
            : result;
    }

    public void Dispose() => (_inner as IDisposable)?.Dispose();

    private bool MayBeEvent(in SamplingParameters parameters)
    {
        if (_slugs is null || _slugs.TryGet(parameters.Name, out _))
            return true;

        // Index lists, because enumerating them through the interface would allocate an enumerator.
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
