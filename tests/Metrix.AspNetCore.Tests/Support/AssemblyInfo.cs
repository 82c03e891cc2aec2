// The activity sources of ASP.NET Core and HttpClient, and the propagator, are the process's: side by side each test would see
// the requests of the others.
[assembly: Xunit.CollectionBehavior(Xunit.CollectionBehavior.CollectionPerAssembly)]
