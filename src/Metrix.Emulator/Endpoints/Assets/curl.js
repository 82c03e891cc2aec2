// Formats the request as a command that you can run again. The command does not contain the key: the shell inserts it.
const quote = text => `'${text.replaceAll("'", "'\\''")}'`;

// Headers that curl sets itself, or that would be wrong in a repeated request.
const omittedHeaders = new Set([
  'authorization', 'host', 'content-length', 'connection', 'transfer-encoding', 'accept', 'traceparent', 'tracestate',
]);

export function curl(request, origin) {
  const lines = [`curl -X ${request.method} ${quote(origin + request.path)}`];
  if (request.headers.some(header => header.name.toLowerCase() === 'authorization'))
    lines.push('-H "Authorization: $METRIX_DEV_KEY"');
  for (const { name, value } of request.headers)
    if (!omittedHeaders.has(name.toLowerCase())) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  if (request.body) lines.push(`--data-binary ${quote(request.body)}`);
  return lines.join(' \\\n  ');
}
