// Times and spans as a person reads them.
const two = number => String(number).padStart(2, '0');

export function clock(milliseconds) {
  const at = new Date(milliseconds);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

export function minute(milliseconds) {
  const at = new Date(milliseconds);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function span(milliseconds) {
  const size = Math.abs(milliseconds);
  if (size < 1000) return `${Math.round(size)} ms`;
  if (size < 120_000) return `${(size / 1000).toFixed(1)} s`;
  if (size < 7_200_000) return `${Math.round(size / 60_000)} min`;
  if (size < 172_800_000) return `${Math.round(size / 3_600_000)} h`;
  return `${Math.round(size / 86_400_000).toLocaleString('en')} days`;
}
