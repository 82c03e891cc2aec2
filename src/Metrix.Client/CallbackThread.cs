using System.Collections.Concurrent;

namespace Metrix.Client;

/// <summary>
/// Runs the application's code on a thread of a closing client, in order: messages, failure listeners, and what a front
/// end does. None of it can hold up the close, which waits with a limit, or throw into it.
/// </summary>
internal sealed class CallbackThread
{
    private readonly BlockingCollection<Action> _actions = [];
    private readonly TaskCompletionSource _ended = new();

    /// <summary>Gets a task that completes when every action has run, after <see cref="Complete"/>.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs an action after the earlier ones.</summary>
    public void Post(Action action) => _actions.Add(action);

    /// <summary>Accepts no more actions.</summary>
    public void Complete() => _actions.CompleteAdding();

    /// <summary>Runs the actions until <see cref="Complete"/> was called and none is left.</summary>
    public void Run()
    {
        foreach (var action in _actions.GetConsumingEnumerable())
        {
            try
            {
                action();
            }
            catch (Exception)
            {
                // It is anyone's code, and the client is closing. The other actions must still run.
            }
        }

        _ended.SetResult();
    }
}
