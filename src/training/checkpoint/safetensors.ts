import type { NamedArrays } from '../../network/parameters.js';
import { InputError } from '../../shared/errors.js';

/**
 * The safetensors format (https://github.com/huggingface/safetensors, README "Format"), 32-bit floats only: 8
 * bytes length of the header (little-endian), the header as JSON, the arrays one after another without gaps.
 */
export interface SafeTensors {
  readonly arrays: NamedArrays;
  readonly metadata: ReadonlyMap<string, string>;
}

const metadataKey = '__metadata__';
const headerLimit = 100_000_000;
const prefixBytes = 8;

export function encodeSafeTensors({ arrays, metadata }: SafeTensors): Uint8Array {
  const header: [string, unknown][] = metadata.size > 0 ? [[metadataKey, Object.fromEntries(metadata)]] : [];
  let offset = 0;
  for (const [name, { shape, data }] of arrays) {
    if (name === metadataKey) throw new RangeError(`an array cannot be called ${metadataKey}`);
    if (elements(shape) !== data.length)
      throw new RangeError(`array "${name}" has ${data.length} values, its shape says ${elements(shape)}`);
    header.push([name, { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // Spaces after the JSON put the arrays on a multiple of 8 bytes.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > headerLimit)
    throw new RangeError(`the header would have ${headerBytes} bytes; the format allows ${headerLimit}`);
  const bytes = new Uint8Array(prefixBytes + headerBytes + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, prefixBytes);
  bytes.fill(0x20, prefixBytes + json.length, prefixBytes + headerBytes);
  let place = prefixBytes + headerBytes;
  for (const { data } of arrays.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  return bytes;
}

/**
 * Arrays in the order of the file. Throws InputError unless every byte is accounted for as the format says.
 */
export function decodeSafeTensors(bytes: Uint8Array): SafeTensors {
  if (bytes.length < prefixBytes) throw malformed(`it has ${bytes.length} bytes, too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > BigInt(headerLimit))
    throw malformed(`its header would have ${length} bytes; the format allows ${headerLimit}`);
  const start = prefixBytes + Number(length);
  if (start > bytes.length)
    throw malformed(
      `its header should have ${length} bytes, the file ends after ${bytes.length - prefixBytes}`,
    );
  const { entries, metadata } = parseHeader(bytes.subarray(prefixBytes, start));
  const arrays: NamedArrays = new Map();
  let expected = 0;
  for (const { name, shape, begin, end } of entries) {
    if (begin !== expected)
      throw malformed(`array "${name}" starts at byte ${begin} of the data, ${expected} was expected`);
    if (end - begin !== elements(shape) * 4)
      throw malformed(`array "${name}" takes ${end - begin} bytes, its shape says ${elements(shape) * 4}`);
    if (start + end > bytes.length) throw malformed(`it ends within array "${name}"`);
    // Copied, as the file's floats need not be aligned (and a Buffer's own slice would not copy).
    const data = new Float32Array(elements(shape));
    new Uint8Array(data.buffer).set(bytes.subarray(start + begin, start + end));
    arrays.set(name, { shape, data });
    expected = end;
  }
  if (start + expected !== bytes.length)
    throw malformed(`${bytes.length - start - expected} bytes follow its last array`);
  return { arrays, metadata };
}

interface Entry {
  readonly name: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/** The header's arrays in the order of their data. */
function parseHeader(bytes: Uint8Array): { entries: Entry[]; metadata: Map<string, string> } {
  const header = parseJson(bytes);
  if (!isRecord(header)) throw malformed('its header is not an object');
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (!isRecord(value)) throw malformed(`the header's entry "${name}" is not an object`);
    if (name === metadataKey) {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw malformed(`its metadata "${key}" is not a text`);
        metadata.set(key, text);
      }
    } else entries.push(parseEntry(name, value));
  }
  return { entries: entries.sort((a, b) => a.begin - b.begin || a.end - b.end), metadata };
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes[0] !== 0x7b) throw malformed('its header does not start with {');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw malformed('its header is not JSON');
  }
}

function parseEntry(name: string, value: Record<string, unknown>): Entry {
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== 'F32')
    throw malformed(`array "${name}" is of type ${JSON.stringify(dtype)}; only F32 is read here`);
  if (!isCounts(shape)) throw malformed(`the shape of array "${name}" is not a list of counts`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw malformed(`the data offsets of array "${name}" are not two counts`);
  const [begin = 0, end = 0] = offsets;
  if (end < begin) throw malformed(`array "${name}" ends before it starts`);
  return { name, shape, begin, end };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.every((part) => typeof part === 'number' && Number.isSafeInteger(part) && part >= 0);

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function malformed(what: string): InputError {
  return new InputError('checkpoint.malformed', `this is no whole safetensors file: ${what}`);
}
