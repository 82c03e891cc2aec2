using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// The activity that ASP.NET Core made for a request, whatever the application has started since.
/// </summary>
internal static class ServerSpan
{
    public static Activity? Of(HttpContext context) => context.Features.Get<IHttpActivityFeature>()?.Activity;
}
