using System.Collections.ObjectModel;

namespace Metrix.Emulator.Store;

/// <summary>
/// Keeps the newest items, oldest first. No slot is written twice: a snapshot is a view of the array, taken in no time
/// however many items there are, and stays as it was. Not thread-safe: its owner holds a lock; snapshots are.
/// </summary>
internal sealed class BoundedLog<T>(int capacity)
{
    private T[] _items = [];
    private int _start;
    private int _count;
    private long _total;

    public void Add(T item)
    {
        if (_count == capacity)
        {
            _start++;
            _count--;
        }

        if (_start + _count == _items.Length) MoveToNewArray();
        _items[_start + _count++] = item;
        _total++;
    }

    public void Clear()
    {
        // Snapshots may still show the old array.
        (_items, _start, _count, _total) = ([], 0, 0, 0);
    }

    public LogSnapshot<T> Snapshot() =>
        new(new ReadOnlyCollection<T>(new ArraySegment<T>(_items, _start, _count)), _total);

    private void MoveToNewArray()
    {
        // Grows by doubling; at capacity a quarter is spare, so that four moves an item pay for all dropping, and the
        // dropped items that a snapshot may still show are at most that quarter.
        var full = capacity + Math.Max(16L, capacity / 4);
        var larger = new T[Math.Min(Array.MaxLength, Math.Min(full, Math.Max(16L, _count * 2L)))];
        Array.Copy(_items, _start, larger, 0, _count);
        (_items, _start) = (larger, 0);
    }
}
