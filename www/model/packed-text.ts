/** Texts for links: compressed, and written in letters that chat programs, mail and people leave as they are. */

/** Beyond this chat programs and mail cut links. */
export const LONGEST_LINK = 8_000;

/** `deflate` ends in a checksum, by which a letter that changed on its way is noticed; `deflate-raw` is shorter. */
export type Format = 'deflate' | 'deflate-raw';

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  by: GenericTransformStream,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(by).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new RangeError(`more than ${mostBytes} bytes`);
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** base64url, RFC 4648 section 5, without padding. */
function written(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export async function packText(text: string, format: Format): Promise<string> {
  return written(await through(new TextEncoder().encode(text), new CompressionStream(format)));
}

/**
 * What `packText` has packed. A link says little and may unpack to much: rejects with a RangeError beyond so many bytes, and with
 * another error where the text is damaged.
 */
export async function unpackText(packed: string, format: Format, mostBytes: number): Promise<string> {
  const bytes = await through(bytesIn(packed), new DecompressionStream(format), mostBytes);
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
