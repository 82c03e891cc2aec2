// The activity sources of ASP.NET Core and HttpClient, and the propagator, are static. In parallel, each test would see
// the requests of the others.
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]
