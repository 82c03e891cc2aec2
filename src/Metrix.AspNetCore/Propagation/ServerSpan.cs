using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// Finds the activity that ASP.NET Core created for a request, even if the application has started others since.
/// </summary>
internal static class ServerSpan
{
    public static Activity? Of(HttpContext context) => context.Features.Get<IHttpActivityFeature>()?.Activity;
}
