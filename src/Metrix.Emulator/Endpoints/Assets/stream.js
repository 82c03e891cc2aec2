// Listens to the server-sent events of /api/stream. The browser reconnects automatically and sends its position.
export function listen(limit, handlers) {
  const source = new EventSource(`/api/stream?limit=${limit}`);
  const on = (name, handle) => source.addEventListener(name, event => handle(JSON.parse(event.data)));
  on('reset', handlers.reset);
  on('arrivals', handlers.arrivals);
  on('stats', handlers.stats);
  on('faults', handlers.faults);
  source.addEventListener('open', () => handlers.state('live'));
  source.addEventListener('error', () => {
    handlers.state('lost');
    // An answer other than 200 closes the source permanently. A proxy gives one while the emulator restarts.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(limit, handlers), 2000);
  });
}
