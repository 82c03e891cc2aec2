// Formats times and durations for people.
const pad = (number, digits) => String(number).padStart(digits, '0');

export function clock(unixMilliseconds) {
  const at = new Date(unixMilliseconds);
  return `${minute(unixMilliseconds)}:${pad(at.getSeconds(), 2)}.${pad(at.getMilliseconds(), 3)}`;
}

export function minute(unixMilliseconds) {
  const at = new Date(unixMilliseconds);
  return `${pad(at.getHours(), 2)}:${pad(at.getMinutes(), 2)}`;
}

export function duration(milliseconds) {
  const size = Math.abs(milliseconds);
  if (size < 1000) return `${Math.round(size)} ms`;
  if (size < 120_000) return `${(size / 1000).toFixed(1)} s`;
  if (size < 7_200_000) return `${Math.round(size / 60_000)} min`;
  if (size < 172_800_000) return `${Math.round(size / 3_600_000)} h`;
  return `${Math.round(size / 86_400_000).toLocaleString('en')} days`;
}
