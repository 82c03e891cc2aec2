// The server-sent events of /api/stream. The browser connects again by itself and says how far it was.
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
    // Closed for good is what an answer other than 200 does to it: a proxy, while the emulator is started again.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(limit, handlers), 2000);
  });
}
