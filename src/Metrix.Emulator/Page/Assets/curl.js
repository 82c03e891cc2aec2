// The request as a command that a person can run again. The key is not in it: the shell puts it in.
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

// What curl sets by itself, and what would be wrong when it is sent again.
const leftOut = new Set(['authorization', 'host', 'content-length', 'connection', 'transfer-encoding', 'accept', 'traceparent', 'tracestate']);

export function curl(request, origin) {
  const lines = [`curl -X ${request.method} ${quoted(origin + request.path)}`];
  if (request.headers.some(header => header.name.toLowerCase() === 'authorization'))
    lines.push('-H "Authorization: $METRIX_DEV_KEY"');
  for (const { name, value } of request.headers)
    if (!leftOut.has(name.toLowerCase())) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body) lines.push(`--data-binary ${quoted(request.body)}`);
  return lines.join(' \\\n  ');
}
