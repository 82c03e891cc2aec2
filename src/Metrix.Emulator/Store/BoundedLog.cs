using System.Collections.ObjectModel;

namespace Metrix.Emulator.Store;

/// <summary>
/// Keeps the newest items, oldest first. No array slot is written twice, so a snapshot is a view of the array: taking
/// one costs the same for any number of items, and it never changes. The log is not thread-safe; its owner holds a
/// lock. Snapshots are thread-safe.
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
        // The old array is replaced, not cleared: snapshots may still use it.
        (_items, _start, _count, _total) = ([], 0, 0, 0);
    }

    public LogSnapshot<T> Snapshot() =>
        new(new ReadOnlyCollection<T>(new ArraySegment<T>(_items, _start, _count)), _total);

    private void MoveToNewArray()
    {
        // The array doubles until it reaches the capacity plus a quarter. From then on, one copy pays for dropping a
        // quarter of the items, about four moves per item. Snapshots retain at most that quarter of dropped items.
        var full = capacity + Math.Max(16L, capacity / 4);
        var larger = new T[Math.Min(Array.MaxLength, Math.Min(full, Math.Max(16L, _count * 2L)))];
        Array.Copy(_items, _start, larger, 0, _count);
        (_items, _start) = (larger, 0);
    }
}
