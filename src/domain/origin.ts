/** Parameters that let whoever holds the address in: signatures of clouds, keys, passwords. */
const SECRET = /sig|token|key|auth|secret|credential|passw|^x-(amz|goog)-|^(expires|policy|se|sp|sv|sr|st)$/i;

/** The address as the brand may see it from then on: without what would open it to others. */
export function publicPart(url: URL): string {
  const shown = new URL(url.href);
  for (const name of new Set(shown.searchParams.keys())) {
    if (SECRET.test(name)) shown.searchParams.delete(name);
  }
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  return shown.href.slice(0, 2000);
}

/** A file name for what an address answered: what the answer says, the last part of the path, or the host. */
export function nameOfAnswer(url: URL, disposition: string | undefined): string {
  const said = disposition === undefined ? '' : dispositionName(disposition);
  if (said !== '') return said;
  const last = url.pathname.split('/').findLast((part) => part !== '') ?? '';
  return decoded(last) || url.hostname;
}

/** RFC 6266: the starred form is in UTF-8 and wins. */
function dispositionName(header: string): string {
  const starred = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(header)?.[1];
  if (starred !== undefined) return decoded(starred.trim());
  const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /filename\s*=\s*([^;\s]+)/i.exec(header)?.[1] ?? '';
}

/** Addresses may hold percent signs that encode nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
